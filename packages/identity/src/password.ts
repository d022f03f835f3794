import { hash, verify } from "@node-rs/argon2";

/** argon2id with 19 MiB, two passes and one lane: OWASP, "Password Storage Cheat Sheet". About 20 ms on a small machine. */
const settings = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };

export const passwordLength = { min: 8, max: 128 } as const;

/** A PHC string, "$argon2id$v=19$m=19456,t=2,p=1$...". Runs off the main thread. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, settings);
}

export function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, password);
}
