ALTER TABLE "noted_changes" ADD COLUMN "seen" text;
