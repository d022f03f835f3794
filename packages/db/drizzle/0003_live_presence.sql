CREATE TABLE "live_presence" (
	"shopper_id" uuid PRIMARY KEY NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL
);

