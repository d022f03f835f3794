export { NonceProvider, useNonce } from "./nonce.tsx";
