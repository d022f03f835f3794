CREATE TABLE "open_events" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"priority" integer NOT NULL,
	"event_seqs" bigint[] NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);

--> statement-breakpoint
DROP INDEX "outbox_done_at_index";
--> statement-breakpoint
CREATE INDEX "open_events_priority_seq_index" ON "open_events" USING btree ("priority","seq");
--> statement-breakpoint
CREATE INDEX "outbox_done" ON "outbox" USING btree ("done_at") WHERE done_at is not null;
