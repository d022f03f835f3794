ALTER TABLE "experiments" ADD COLUMN "arm_stops" jsonb DEFAULT '[]'::jsonb NOT NULL;
