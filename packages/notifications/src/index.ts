export { accountMailSender } from "./account-mail.ts";
export type { AccountMail } from "./account-mail.ts";
export {
  createCaptureMailer,
  getCapturedMail,
  listCapturedMail,
  mailEraseStep,
  mailExportStep,
} from "./capture.ts";
export type { CapturedMail, CapturedMailListing } from "./capture.ts";
export { calendarFile } from "./core/calendar.ts";
export type { CalendarEvent } from "./core/calendar.ts";
export { orderReceiptMail } from "./core/order-receipt.ts";
export type { ReceiptLine, ReceiptOrder } from "./core/order-receipt.ts";
export { passwordResetMail } from "./core/password-reset.ts";
export type { Mail, MailAttachment, Mailer } from "./mail.ts";
export { createSmtpMailer } from "./smtp.ts";
