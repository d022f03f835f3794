import { createContext, useContext } from "react";

const Nonce = createContext<string | undefined>(undefined);

/** The page's content-security nonce: given on the server, empty in the browser, where nothing needs it any more. */
export const NonceProvider = Nonce.Provider;
export const useNonce = (): string | undefined => useContext(Nonce);
