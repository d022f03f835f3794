export type { AccountMessage, SendAccountMessage } from "./account-message.ts";
export {
  createAccount,
  createFirstOperator,
  demoEmailDomain,
  findUserByEmail,
  hasOperator,
  isDemoEmail,
} from "./accounts.ts";
export type { NewAccount } from "./accounts.ts";
export { writeAudit } from "./audit.ts";
export type { AuditAction, AuditEntry } from "./audit.ts";
export { mayTrack, mergeConsent } from "./core/consent.ts";
export type { TrackingConsent } from "./core/consent.ts";
export type { HeaderReader } from "./core/headers.ts";
export { createIdentity } from "./identity.ts";
export type { Identity, IdentityOptions } from "./identity.ts";
export { historyMergeStep, mergeVisitor } from "./merge.ts";
export type { MergeContext, MergeOptions, MergeStep } from "./merge.ts";
export { hashPassword, passwordLength, verifyPassword } from "./password.ts";
export type { EraseStep, ExportStep, Subject } from "./personal-data.ts";
export {
  addFarmMember,
  addMarketManager,
  grantRole,
  removeFarmMember,
  removeMarketManager,
  revokeRole,
} from "./roles.ts";
export type { Act } from "./roles.ts";
export {
  defaultSettings,
  ensureAccountShopper,
  findSettings,
  isPersonalisationAllowed,
  isTrackingAllowed,
} from "./shoppers.ts";
export type { ShopperSettings } from "./shoppers.ts";
export type { Visit } from "./visit.ts";
