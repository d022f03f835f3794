CREATE SEQUENCE "public"."order_numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" uuid NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp (3) with time zone,
	"refresh_token_expires_at" timestamp (3) with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);

--> statement-breakpoint
CREATE TABLE "action_events" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"id" uuid NOT NULL,
	"action" text NOT NULL,
	"shopper_id" uuid,
	"session_id" text,
	"entity_type" text,
	"entity_id" text,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"source" text DEFAULT 'web' NOT NULL,
	"trace_id" text NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"recorded_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "action_events_id_unique" UNIQUE("id")
);

--> statement-breakpoint
CREATE TABLE "advice" (
	"id" uuid PRIMARY KEY NOT NULL,
	"farm_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"market_id" uuid,
	"market_day" date,
	"key" text NOT NULL,
	"type" text NOT NULL,
	"current_base" double precision NOT NULL,
	"recommended_base" double precision NOT NULL,
	"reasoning" text NOT NULL,
	"priority" text NOT NULL,
	"gain_cents" integer,
	"details" jsonb NOT NULL,
	"status" text DEFAULT 'PENDING' NOT NULL,
	"valid_until" timestamp (3) with time zone NOT NULL,
	"decided_by" uuid,
	"decided_at" timestamp (3) with time zone,
	"rejection_reason" text,
	"before" jsonb,
	"done_at" timestamp (3) with time zone,
	"made_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "advice_farmId_key_unique" UNIQUE("farm_id","key")
);

--> statement-breakpoint
CREATE TABLE "advice_settings" (
	"farm_id" uuid PRIMARY KEY NOT NULL,
	"leaning" integer DEFAULT 0 NOT NULL,
	"crate_grams" integer DEFAULT 2000 NOT NULL,
	"crate_millilitres" integer DEFAULT 1000 NOT NULL,
	"crate_pieces" integer DEFAULT 1 NOT NULL,
	"van_crates" integer,
	"labour_minutes" integer,
	"minutes_per_crate" integer DEFAULT 6 NOT NULL,
	"closed_days" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"cost_basis_points" integer DEFAULT 4000 NOT NULL,
	"salvage_basis_points" integer DEFAULT 1000 NOT NULL,
	"least_gain_cents" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"advised_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_hash_unique" UNIQUE("hash")
);

--> statement-breakpoint
CREATE TABLE "audit_log" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"actor_user_id" uuid,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL
);

--> statement-breakpoint
CREATE TABLE "calendar_feeds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"farm_id" uuid NOT NULL,
	"token_hash" text NOT NULL,
	"label" text DEFAULT '' NOT NULL,
	"created_by" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_read_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "calendar_feeds_tokenHash_unique" UNIQUE("token_hash")
);

--> statement-breakpoint
CREATE TABLE "captured_mail" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"recipient" text NOT NULL,
	"subject" text NOT NULL,
	"text" text NOT NULL,
	"html" text DEFAULT '' NOT NULL,
	"headers" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"attachments" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"sent_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "cart_lines" (
	"cart_id" uuid NOT NULL,
	"variant_id" uuid NOT NULL,
	"quantity" integer NOT NULL,
	"added_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "cart_lines_cart_id_variant_id_pk" PRIMARY KEY("cart_id","variant_id"),
	CONSTRAINT "cart_quantity_positive" CHECK ("cart_lines"."quantity" > 0)
);

--> statement-breakpoint
CREATE TABLE "carts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"shopper_id" uuid NOT NULL,
	"market_id" uuid NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);

--> statement-breakpoint
CREATE TABLE "categories" (
	"slug" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"picture" text NOT NULL,
	"position" integer DEFAULT 0 NOT NULL
);

--> statement-breakpoint
CREATE TABLE "checkouts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cart_id" uuid NOT NULL,
	"shopper_id" uuid NOT NULL,
	"pickup_slot_id" uuid NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"lines" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "counters" (
	"name" text NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"count" bigint DEFAULT 0 NOT NULL,
	"sum" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "counters_name_hour_pk" PRIMARY KEY("name","hour")
);

--> statement-breakpoint
CREATE TABLE "demand_forecasts" (
	"farm_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"market_id" uuid NOT NULL,
	"market_day" date NOT NULL,
	"model_version" text DEFAULT '1' NOT NULL,
	"is_current" boolean DEFAULT true NOT NULL,
	"p10" double precision NOT NULL,
	"p50" double precision NOT NULL,
	"p90" double precision NOT NULL,
	"price_cents" double precision,
	"model" text NOT NULL,
	"demand_class" text NOT NULL,
	"days_learned" integer NOT NULL,
	"past_error" double precision NOT NULL,
	"past_volume" double precision NOT NULL,
	"past_bias" double precision DEFAULT 0 NOT NULL,
	"past_days" integer NOT NULL,
	"drivers" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"fingerprint" text DEFAULT '' NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "demand_forecasts_product_id_market_id_market_day_model_version_pk" PRIMARY KEY("product_id","market_id","market_day","model_version")
);

--> statement-breakpoint
CREATE TABLE "experiment_assignments" (
	"experiment_id" uuid NOT NULL,
	"shopper_id" uuid NOT NULL,
	"arm" text NOT NULL,
	"noted_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "experiment_assignments_experiment_id_shopper_id_pk" PRIMARY KEY("experiment_id","shopper_id")
);

--> statement-breakpoint
CREATE TABLE "experiment_exposures" (
	"experiment_id" uuid NOT NULL,
	"shopper_id" uuid NOT NULL,
	"arm" text NOT NULL,
	"market_id" uuid,
	"exposed_at" timestamp (3) with time zone NOT NULL,
	"is_crossed" boolean DEFAULT false NOT NULL,
	CONSTRAINT "experiment_exposures_experiment_id_shopper_id_pk" PRIMARY KEY("experiment_id","shopper_id")
);

--> statement-breakpoint
CREATE TABLE "experiment_looks" (
	"experiment_id" uuid NOT NULL,
	"units" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"intervals" jsonb NOT NULL,
	CONSTRAINT "experiment_looks_experiment_id_units_pk" PRIMARY KEY("experiment_id","units")
);

--> statement-breakpoint
CREATE TABLE "experiments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"hypothesis" text DEFAULT '' NOT NULL,
	"kind" text DEFAULT 'ab' NOT NULL,
	"surface" text NOT NULL,
	"status" text DEFAULT 'draft' NOT NULL,
	"seed" text NOT NULL,
	"arms" jsonb NOT NULL,
	"stopped_arms" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"rollout" double precision DEFAULT 1 NOT NULL,
	"namespace_name" text,
	"namespace_from" double precision,
	"namespace_to" double precision,
	"market_ids" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"primary_metric" text NOT NULL,
	"guardrails" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"planned_units" integer,
	"decisions" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"stop_reason" text,
	"has_simulated" boolean DEFAULT false NOT NULL,
	"created_by" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"stopped_at" timestamp (3) with time zone,
	CONSTRAINT "experiments_key_unique" UNIQUE("key")
);

--> statement-breakpoint
CREATE TABLE "farm_crops" (
	"farm_id" uuid NOT NULL,
	"crop" text NOT NULL,
	"days_to_maturity" integer NOT NULL,
	"days_in_trays" integer DEFAULT 0 NOT NULL,
	"harvest_days" integer NOT NULL,
	"germination_basis_points" integer NOT NULL,
	"spacing_cm" double precision NOT NULL,
	"rows_per_bed" integer NOT NULL,
	"yield_base_per_plant" double precision NOT NULL,
	"base_unit" text NOT NULL,
	"outside_from_frost_days" integer NOT NULL,
	"last_harvest_from_frost_days" integer NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "farm_crops_farm_id_crop_pk" PRIMARY KEY("farm_id","crop")
);

--> statement-breakpoint
CREATE TABLE "farm_follows" (
	"shopper_id" uuid NOT NULL,
	"farm_id" uuid NOT NULL,
	"followed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "farm_follows_shopper_id_farm_id_pk" PRIMARY KEY("shopper_id","farm_id")
);

--> statement-breakpoint
CREATE TABLE "farm_members" (
	"farm_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" text DEFAULT 'staff' NOT NULL,
	"added_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "farm_members_farm_id_user_id_pk" PRIMARY KEY("farm_id","user_id")
);

--> statement-breakpoint
CREATE TABLE "farm_outlooks" (
	"farm_id" uuid PRIMARY KEY NOT NULL,
	"version_id" uuid NOT NULL,
	"customers" integer NOT NULL,
	"active" integer NOT NULL,
	"away" integer NOT NULL,
	"resting" integer NOT NULL,
	"expected_orders" double precision NOT NULL,
	"value_cents" double precision NOT NULL,
	"groups" jsonb NOT NULL,
	"computed_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "farms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"story" text DEFAULT '' NOT NULL,
	"town" text DEFAULT '' NOT NULL,
	"latitude" double precision NOT NULL,
	"longitude" double precision NOT NULL,
	"is_organic" boolean DEFAULT false NOT NULL,
	"accepts_snap" boolean DEFAULT false NOT NULL,
	"picture" text DEFAULT 'farmer' NOT NULL,
	"image_id" uuid,
	"joined_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "farms_slug_unique" UNIQUE("slug")
);

--> statement-breakpoint
CREATE TABLE "growing_places" (
	"farm_id" uuid PRIMARY KEY NOT NULL,
	"last_frost" text,
	"first_frost" text,
	"bed_metres" integer DEFAULT 0 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "harvest_windows" (
	"id" uuid PRIMARY KEY NOT NULL,
	"crop" text NOT NULL,
	"region" text DEFAULT '' NOT NULL,
	"farm_id" uuid,
	"product_id" uuid,
	"kind" text DEFAULT 'field' NOT NULL,
	"first_day" text NOT NULL,
	"peak_start" text NOT NULL,
	"peak_end" text NOT NULL,
	"last_day" text NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);

--> statement-breakpoint
CREATE TABLE "hidden_recommendations" (
	"shopper_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"hidden_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "hidden_recommendations_shopper_id_product_id_pk" PRIMARY KEY("shopper_id","product_id")
);

--> statement-breakpoint
CREATE TABLE "image_files" (
	"image_id" uuid NOT NULL,
	"width" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "image_files_image_id_width_pk" PRIMARY KEY("image_id","width")
);

--> statement-breakpoint
CREATE TABLE "images" (
	"id" uuid PRIMARY KEY NOT NULL,
	"farm_id" uuid NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"tint" text DEFAULT '' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);

--> statement-breakpoint
CREATE TABLE "jobs" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"key" text,
	"run_at" timestamp (3) with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"leased_until" timestamp (3) with time zone,
	"done_at" timestamp (3) with time zone,
	"failed_at" timestamp (3) with time zone,
	"last_error" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "jobs_key_unique" UNIQUE("key")
);

--> statement-breakpoint
CREATE TABLE "judged_market_days" (
	"market_id" uuid NOT NULL,
	"market_day" date NOT NULL,
	"judged_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "judged_market_days_market_id_market_day_pk" PRIMARY KEY("market_id","market_day")
);

--> statement-breakpoint
CREATE TABLE "latency_buckets" (
	"name" text NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"bucket" integer NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "latency_buckets_name_hour_bucket_pk" PRIMARY KEY("name","hour","bucket")
);

--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"transaction_id" uuid NOT NULL,
	"order_id" uuid,
	"stall_sale_id" uuid,
	"farm_id" uuid,
	"account" text NOT NULL,
	"kind" text NOT NULL,
	"amount_cents" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "ledger_of_one_sale" CHECK (num_nonnulls("ledger_entries"."order_id", "ledger_entries"."stall_sale_id") = 1)
);

--> statement-breakpoint
CREATE TABLE "live_messages" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"topic" text NOT NULL,
	"type" text NOT NULL,
	"payload" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "live_tickets" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"shopper_id" uuid,
	"user_id" uuid,
	"caller" jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);

--> statement-breakpoint
CREATE TABLE "lots" (
	"id" uuid PRIMARY KEY NOT NULL,
	"product_id" uuid NOT NULL,
	"code" text NOT NULL,
	"harvested_on" date NOT NULL,
	"best_before" date,
	"quantity_base" integer NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);

--> statement-breakpoint
CREATE TABLE "market_farms" (
	"market_id" uuid NOT NULL,
	"farm_id" uuid NOT NULL,
	"stall" text DEFAULT '' NOT NULL,
	"joined_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "market_farms_market_id_farm_id_pk" PRIMARY KEY("market_id","farm_id")
);

--> statement-breakpoint
CREATE TABLE "market_managers" (
	"market_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"added_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "market_managers_market_id_user_id_pk" PRIMARY KEY("market_id","user_id")
);

--> statement-breakpoint
CREATE TABLE "markets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"address" text DEFAULT '' NOT NULL,
	"region" text DEFAULT '' NOT NULL,
	"time_zone" text NOT NULL,
	"currency" text DEFAULT 'USD' NOT NULL,
	"latitude" double precision NOT NULL,
	"longitude" double precision NOT NULL,
	"fee_basis_points" integer DEFAULT 0 NOT NULL,
	"accepts_snap" boolean DEFAULT false NOT NULL,
	"weekday" integer DEFAULT 6 NOT NULL,
	"opens_at" text DEFAULT '08:00' NOT NULL,
	"closes_at" text DEFAULT '13:00' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "markets_slug_unique" UNIQUE("slug")
);

--> statement-breakpoint
CREATE TABLE "model_activations" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"scope" text NOT NULL,
	"version_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"actor_user_id" uuid,
	"activated_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);

--> statement-breakpoint
CREATE TABLE "model_artefacts" (
	"hash" text PRIMARY KEY NOT NULL,
	"bytes" "bytea" NOT NULL,
	"stored_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "model_audit" (
	"seq" integer PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_user_id" uuid,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"details" jsonb NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL
);

--> statement-breakpoint
CREATE TABLE "model_drifts" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"version_id" uuid NOT NULL,
	"rows" integer NOT NULL,
	"indices" jsonb NOT NULL,
	"drifted" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "model_predictions" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"version_id" uuid NOT NULL,
	"rollout_id" uuid,
	"arm" text NOT NULL,
	"input" jsonb NOT NULL,
	"score" double precision,
	"execution_ms" double precision NOT NULL,
	"is_error" boolean DEFAULT false NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "model_rollouts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"scope" text NOT NULL,
	"challenger_id" uuid NOT NULL,
	"champion_id" uuid NOT NULL,
	"seed" text NOT NULL,
	"percent" integer NOT NULL,
	"status" text NOT NULL,
	"delay_ms" integer DEFAULT 0 NOT NULL,
	"end_reason" text,
	"started_at" timestamp (3) with time zone NOT NULL,
	"stepped_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "rollout_percent" CHECK ("model_rollouts"."percent" between 0 and 100)
);

--> statement-breakpoint
CREATE TABLE "model_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"scope" text NOT NULL,
	"reason" text NOT NULL,
	"seed" integer NOT NULL,
	"status" text NOT NULL,
	"progress" double precision DEFAULT 0 NOT NULL,
	"rows_learned" integer,
	"window_from" timestamp (3) with time zone,
	"window_to" timestamp (3) with time zone,
	"verdict" text,
	"report" jsonb,
	"version_id" uuid,
	"requested_by" uuid,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone
);

--> statement-breakpoint
CREATE TABLE "model_versions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"version" integer NOT NULL,
	"type" text NOT NULL,
	"scope" text DEFAULT 'global' NOT NULL,
	"artefact_hash" text NOT NULL,
	"artefact_bytes" integer NOT NULL,
	"format" text NOT NULL,
	"signature" jsonb NOT NULL,
	"golden" jsonb NOT NULL,
	"settings" jsonb NOT NULL,
	"metrics" jsonb NOT NULL,
	"reference" jsonb NOT NULL,
	"data_hash" text NOT NULL,
	"window_from" timestamp (3) with time zone,
	"window_to" timestamp (3) with time zone NOT NULL,
	"code_commit" text NOT NULL,
	"seed" integer NOT NULL,
	"run_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "model_type_known" CHECK ("model_versions"."type" in ('RECOMMENDATION', 'CHURN_PREDICTION', 'DEMAND_FORECAST', 'PRICE_OPTIMIZATION', 'SEASONAL_PATTERN', 'CUSTOM')),
	CONSTRAINT "artefact_hash_hex" CHECK ("model_versions"."artefact_hash" ~ '^[0-9a-f]{64}$')
);

--> statement-breakpoint
CREATE TABLE "noted_changes" (
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"kind" text NOT NULL,
	"thing_id" uuid,
	"noted_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);

--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"shopper_id" uuid NOT NULL,
	"type" text NOT NULL,
	"payload" jsonb NOT NULL,
	"dedupe_key" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"read_at" timestamp (3) with time zone,
	CONSTRAINT "notifications_dedupeKey_unique" UNIQUE("dedupe_key")
);

--> statement-breakpoint
CREATE TABLE "nowcast_alerts" (
	"farm_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"market_id" uuid NOT NULL,
	"market_day" date NOT NULL,
	"sells_out_at" timestamp (3) with time zone NOT NULL,
	"chance" double precision NOT NULL,
	"told_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "nowcast_alerts_product_id_market_id_market_day_pk" PRIMARY KEY("product_id","market_id","market_day")
);

--> statement-breakpoint
CREATE TABLE "online_items" (
	"product_id" uuid PRIMARY KEY NOT NULL,
	"place" integer NOT NULL,
	"vector" "bytea" NOT NULL,
	"people" double precision NOT NULL,
	CONSTRAINT "online_items_place_unique" UNIQUE("place")
);

--> statement-breakpoint
CREATE TABLE "online_learners" (
	"name" text PRIMARY KEY NOT NULL,
	"from_seq" bigint NOT NULL,
	"position" bigint NOT NULL,
	"state" jsonb NOT NULL,
	"built_at" timestamp (3) with time zone NOT NULL,
	"learned_at" timestamp (3) with time zone NOT NULL,
	"check" jsonb
);

--> statement-breakpoint
CREATE TABLE "online_tastes" (
	"shopper_id" uuid PRIMARY KEY NOT NULL,
	"taste" "bytea" NOT NULL,
	"taken" integer[] NOT NULL,
	"events" integer NOT NULL,
	"day" integer NOT NULL,
	"today" integer NOT NULL,
	"learned_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "order_events" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "order_lines" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"sub_order_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"variant_id" uuid NOT NULL,
	"product_name" text NOT NULL,
	"variant_name" text NOT NULL,
	"quantity" integer NOT NULL,
	"quantity_base" integer NOT NULL,
	"weighed_base" integer,
	"unit_price_cents" integer NOT NULL,
	"unit_price_per" integer NOT NULL,
	"is_weighed" boolean DEFAULT false NOT NULL,
	"discount_cents" integer DEFAULT 0 NOT NULL,
	"total_cents" integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE "order_windows" (
	"id" uuid PRIMARY KEY NOT NULL,
	"market_id" uuid NOT NULL,
	"market_day" date NOT NULL,
	"opens_at" timestamp (3) with time zone NOT NULL,
	"closes_at" timestamp (3) with time zone NOT NULL,
	"is_cancelled" boolean DEFAULT false NOT NULL
);

--> statement-breakpoint
CREATE TABLE "orders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"shopper_id" uuid NOT NULL,
	"market_id" uuid NOT NULL,
	"order_window_id" uuid,
	"pickup_slot_id" uuid,
	"status" text DEFAULT 'placed' NOT NULL,
	"subtotal_cents" integer NOT NULL,
	"total_cents" integer NOT NULL,
	"hold_cents" integer NOT NULL,
	"idempotency_key" text NOT NULL,
	"request_hash" text NOT NULL,
	"contact_name" text DEFAULT '' NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	"source" text DEFAULT 'web' NOT NULL,
	"placed_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"collected_at" timestamp (3) with time zone,
	"cancelled_at" timestamp (3) with time zone,
	"original_placed_at" timestamp (3) with time zone,
	CONSTRAINT "orders_number_unique" UNIQUE("number")
);

--> statement-breakpoint
CREATE TABLE "outbox" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"topic" text NOT NULL,
	"payload" jsonb NOT NULL,
	"trace_id" text DEFAULT '' NOT NULL,
	"priority" integer DEFAULT 1 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"available_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"done_at" timestamp (3) with time zone,
	"parked_at" timestamp (3) with time zone,
	"last_error" text,
	"archive_id" uuid
);

--> statement-breakpoint
CREATE TABLE "outbox_consumed" (
	"consumer" text NOT NULL,
	"outbox_seq" bigint NOT NULL,
	"consumed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "outbox_consumed_outbox_seq_consumer_pk" PRIMARY KEY("outbox_seq","consumer")
);

--> statement-breakpoint
CREATE TABLE "payments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid,
	"checkout_id" uuid,
	"provider" text NOT NULL,
	"provider_reference" text DEFAULT '' NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"authorised_cents" integer NOT NULL,
	"captured_cents" integer DEFAULT 0 NOT NULL,
	"idempotency_key" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payments_idempotencyKey_unique" UNIQUE("idempotency_key")
);

--> statement-breakpoint
CREATE TABLE "pickup_slots" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_window_id" uuid NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"capacity_orders" integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE "plantings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"farm_id" uuid NOT NULL,
	"product_id" uuid,
	"crop" text NOT NULL,
	"sow_on" date NOT NULL,
	"transplant_on" date,
	"harvest_from" date NOT NULL,
	"harvest_to" date NOT NULL,
	"seeds" integer NOT NULL,
	"bed_metres" double precision NOT NULL,
	"plan_id" uuid,
	"note" text DEFAULT '' NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "price_changes" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"variant_id" uuid NOT NULL,
	"old_price_cents" integer NOT NULL,
	"new_price_cents" integer NOT NULL,
	"changed_by" uuid,
	"reason" text DEFAULT '' NOT NULL,
	"changed_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);

--> statement-breakpoint
CREATE TABLE "price_decisions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"farm_id" uuid NOT NULL,
	"variant_id" uuid NOT NULL,
	"from_cents" integer NOT NULL,
	"suggested_cents" integer NOT NULL,
	"outcome" text NOT NULL,
	"decided_by" uuid,
	"decided_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "price_plans" (
	"id" uuid PRIMARY KEY NOT NULL,
	"farm_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"variant_id" uuid NOT NULL,
	"unit_price_cents" integer NOT NULL,
	"promotion_units" integer,
	"promotion_cents" integer,
	"reason" text DEFAULT '' NOT NULL,
	"from_day" date NOT NULL,
	"to_day" date,
	"market_id" uuid,
	"market_day" date,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone,
	"is_below_floor" boolean DEFAULT false NOT NULL,
	"status" text DEFAULT 'planned' NOT NULL,
	"before_cents" integer,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"planned_by" uuid,
	"planned_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "price_plans_price_not_negative" CHECK ("price_plans"."unit_price_cents" >= 0),
	CONSTRAINT "price_plans_ends_after_it_starts" CHECK ("price_plans"."ends_at" is null or "price_plans"."ends_at" > "price_plans"."starts_at")
);

--> statement-breakpoint
CREATE TABLE "product_costs" (
	"product_id" uuid PRIMARY KEY NOT NULL,
	"farm_id" uuid NOT NULL,
	"cost_cents" integer NOT NULL,
	"per_base" integer NOT NULL,
	"margin_basis_points" integer NOT NULL,
	"salvage_cents" integer DEFAULT 0 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "product_elasticities" (
	"product_id" uuid PRIMARY KEY NOT NULL,
	"farm_id" uuid NOT NULL,
	"elasticity" double precision NOT NULL,
	"standard_error" double precision NOT NULL,
	"source" text NOT NULL,
	"own_share" double precision NOT NULL,
	"market_days" integer NOT NULL,
	"price_levels" integer NOT NULL,
	"base_a_day" double precision NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "products" (
	"id" uuid PRIMARY KEY NOT NULL,
	"farm_id" uuid NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"category" text NOT NULL,
	"crop" text DEFAULT '' NOT NULL,
	"picture" text NOT NULL,
	"image_id" uuid,
	"base_unit" text NOT NULL,
	"is_organic" boolean DEFAULT false NOT NULL,
	"snap_eligible" boolean DEFAULT true NOT NULL,
	"is_replenishable" boolean DEFAULT true NOT NULL,
	"storage_tips" text DEFAULT '' NOT NULL,
	"status" text DEFAULT 'draft' NOT NULL,
	"listed_at" timestamp (3) with time zone,
	"last_harvest_at" timestamp (3) with time zone,
	"low_stock_base" integer DEFAULT 0 NOT NULL,
	"shelf_life_days" integer,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "products_slug_unique" UNIQUE("slug"),
	CONSTRAINT "products_shelf_life_positive" CHECK ("products"."shelf_life_days" > 0)
);

--> statement-breakpoint
CREATE TABLE "queue_archives" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"actor_user_id" uuid,
	"facts" integer NOT NULL,
	"archived_at" timestamp (3) with time zone NOT NULL,
	"restored_at" timestamp (3) with time zone,
	"restored_by" uuid
);

--> statement-breakpoint
CREATE TABLE "ranking_models" (
	"number" serial PRIMARY KEY NOT NULL,
	"model" text,
	"verdict" text NOT NULL,
	"searches" integer NOT NULL,
	"order_share" double precision DEFAULT 0 NOT NULL,
	"held_out" jsonb,
	"examination" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"from_at" timestamp (3) with time zone NOT NULL,
	"until_at" timestamp (3) with time zone NOT NULL,
	"fitted_at" timestamp (3) with time zone NOT NULL,
	"fit_ms" integer DEFAULT 0 NOT NULL
);

--> statement-breakpoint
CREATE TABLE "ranking_switches" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"previous" integer NOT NULL,
	"kind" text NOT NULL,
	"actor_user_id" uuid NOT NULL,
	"switched_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "ranking_versions" (
	"number" serial PRIMARY KEY NOT NULL,
	"weights" jsonb NOT NULL,
	"note" text NOT NULL,
	"based_on" integer NOT NULL,
	"author_user_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "ratings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"shopper_id" uuid NOT NULL,
	"farm_id" uuid NOT NULL,
	"product_id" uuid,
	"stars" integer NOT NULL,
	"body" text DEFAULT '' NOT NULL,
	"rated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "stars_one_to_five" CHECK ("ratings"."stars" between 1 and 5)
);

--> statement-breakpoint
CREATE TABLE "recommendation_evaluations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"evaluated_at" timestamp (3) with time zone NOT NULL,
	"figures" jsonb NOT NULL
);

--> statement-breakpoint
CREATE TABLE "recommendation_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"target" text NOT NULL,
	"target_id" text NOT NULL,
	"strength" real NOT NULL,
	"market_id" uuid,
	"region" text,
	"season" text,
	"first_day" date NOT NULL,
	"last_day" date NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"created_by" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);

--> statement-breakpoint
CREATE TABLE "recommendation_slates" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"slate_id" uuid NOT NULL,
	"place" text NOT NULL,
	"shopper_id" uuid,
	"market_id" uuid,
	"arm" text NOT NULL,
	"shown_at" timestamp (3) with time zone NOT NULL,
	"product_ids" uuid[] NOT NULL,
	"farm_ids" uuid[] NOT NULL,
	"reasons" text[] NOT NULL,
	"propensities" real[] NOT NULL,
	"new_farms" integer[] NOT NULL,
	"clicked_at" timestamp (3) with time zone[],
	"carted_at" timestamp (3) with time zone[]
);

--> statement-breakpoint
CREATE TABLE "reservations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"product_id" uuid NOT NULL,
	"shopper_id" uuid NOT NULL,
	"checkout_id" uuid,
	"quantity_base" integer NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "reservation_positive" CHECK ("reservations"."quantity_base" > 0)
);

--> statement-breakpoint
CREATE TABLE "role_grants" (
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	"granted_by" uuid,
	"granted_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "role_grants_user_id_role_pk" PRIMARY KEY("user_id","role")
);

--> statement-breakpoint
CREATE TABLE "search_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"shopper_id" uuid,
	"query" text NOT NULL,
	"algorithm" text NOT NULL,
	"arm" text DEFAULT 'control' NOT NULL,
	"arm_propensity" double precision DEFAULT 1 NOT NULL,
	"ranking_version" integer DEFAULT 0 NOT NULL,
	"is_personalised" text NOT NULL,
	"results_count" integer NOT NULL,
	"corrected_query" text,
	"shown_ids" uuid[] NOT NULL,
	"shown_terms" real[] DEFAULT '{}' NOT NULL,
	"shown_prices" integer[] DEFAULT '{}' NOT NULL,
	"shown_teams" text,
	"first_position" integer DEFAULT 1 NOT NULL,
	"click_position" integer,
	"clicked_product_id" uuid,
	"order_id" uuid,
	"execution_ms" integer NOT NULL,
	"searched_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "segment_moves" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"shopper_id" uuid NOT NULL,
	"from_segment" text NOT NULL,
	"to_segment" text NOT NULL,
	"moved_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"token" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"password_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sessions_token_unique" UNIQUE("token")
);

--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);

--> statement-breakpoint
CREATE TABLE "shopper_outlooks" (
	"shopper_id" uuid PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"churn_probability" double precision,
	"window_days" integer,
	"is_at_risk" boolean NOT NULL,
	"reasons" jsonb NOT NULL,
	"churn_version_id" uuid,
	"value_cents" double precision,
	"value_low_cents" double precision,
	"value_high_cents" double precision,
	"expected_orders" double precision,
	"lifetime_version_id" uuid,
	"computed_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "shopper_profiles" (
	"shopper_id" uuid PRIMARY KEY NOT NULL,
	"segment" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"engagement" double precision NOT NULL,
	"computed_at" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "shoppers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid,
	"merged_into_id" uuid,
	"visitors_merged" integer DEFAULT 0 NOT NULL,
	"origin" text DEFAULT 'visitor' NOT NULL,
	"tracking_consent" text DEFAULT 'unset' NOT NULL,
	"marketing_consent" boolean DEFAULT false NOT NULL,
	"personalise" boolean DEFAULT true NOT NULL,
	"market_id" uuid,
	"latitude" double precision,
	"longitude" double precision,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"erased_at" timestamp (3) with time zone
);

--> statement-breakpoint
CREATE TABLE "simulated_charges" (
	"idempotency_key" text PRIMARY KEY NOT NULL,
	"reference" text NOT NULL,
	"status" text NOT NULL,
	"authorised_cents" integer NOT NULL,
	"captured_cents" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "simulated_charges_reference_unique" UNIQUE("reference")
);

--> statement-breakpoint
CREATE TABLE "stall_plans" (
	"product_id" uuid NOT NULL,
	"market_id" uuid NOT NULL,
	"market_day" date NOT NULL,
	"farm_id" uuid NOT NULL,
	"quantity_base" integer NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "stall_plans_product_id_market_id_market_day_pk" PRIMARY KEY("product_id","market_id","market_day")
);

--> statement-breakpoint
CREATE TABLE "stall_sales" (
	"id" uuid PRIMARY KEY NOT NULL,
	"farm_id" uuid NOT NULL,
	"market_id" uuid NOT NULL,
	"market_day" date NOT NULL,
	"product_id" uuid NOT NULL,
	"variant_id" uuid NOT NULL,
	"quantity_base" integer NOT NULL,
	"unit_price_cents" integer NOT NULL,
	"unit_price_per" integer NOT NULL,
	"total_cents" integer NOT NULL,
	"fee_cents" integer NOT NULL,
	"tender" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"actor_user_id" uuid,
	"sold_at" timestamp (3) with time zone NOT NULL,
	"undone_at" timestamp (3) with time zone,
	CONSTRAINT "stall_sale_positive" CHECK ("stall_sales"."quantity_base" > 0 and "stall_sales"."total_cents" >= 0)
);

--> statement-breakpoint
CREATE TABLE "stock_alert_snoozes" (
	"product_id" uuid PRIMARY KEY NOT NULL,
	"farm_id" uuid NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);

--> statement-breakpoint
CREATE TABLE "stock_alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"farm_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"day" date NOT NULL,
	"priority" text NOT NULL,
	"available_base" integer NOT NULL,
	"threshold_base" integer NOT NULL,
	"expected_base" double precision,
	"told_at" timestamp (3) with time zone,
	"made_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "stock_alerts_productId_day_unique" UNIQUE("product_id","day")
);

--> statement-breakpoint
CREATE TABLE "stock_entries" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"product_id" uuid NOT NULL,
	"lot_id" uuid,
	"delta_base" integer NOT NULL,
	"reason" text NOT NULL,
	"order_line_id" uuid,
	"actor_user_id" uuid,
	"device" text,
	"note" text DEFAULT '' NOT NULL,
	"idempotency_key" text,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "stock_entries_idempotencyKey_unique" UNIQUE("idempotency_key")
);

--> statement-breakpoint
CREATE TABLE "stock_levels" (
	"product_id" uuid PRIMARY KEY NOT NULL,
	"on_hand_base" integer DEFAULT 0 NOT NULL,
	"reserved_base" integer DEFAULT 0 NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "stock_not_negative" CHECK ("stock_levels"."on_hand_base" >= 0),
	CONSTRAINT "reserved_within_stock" CHECK ("stock_levels"."reserved_base" >= 0 and "stock_levels"."reserved_base" <= "stock_levels"."on_hand_base")
);

--> statement-breakpoint
CREATE TABLE "stock_subscriptions" (
	"shopper_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subscribed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"notified_at" timestamp (3) with time zone,
	CONSTRAINT "stock_subscriptions_shopper_id_product_id_kind_pk" PRIMARY KEY("shopper_id","product_id","kind")
);

--> statement-breakpoint
CREATE TABLE "sub_orders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"farm_id" uuid NOT NULL,
	"status" text DEFAULT 'placed' NOT NULL,
	"subtotal_cents" integer NOT NULL,
	"fee_cents" integer NOT NULL,
	"collected_at" timestamp (3) with time zone
);

--> statement-breakpoint
CREATE TABLE "taste_profiles" (
	"shopper_id" uuid PRIMARY KEY NOT NULL,
	"state" jsonb NOT NULL,
	"hidden" jsonb DEFAULT '{"categories":[],"farms":[]}'::jsonb NOT NULL,
	"last_event_seq" bigint DEFAULT 0 NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);

--> statement-breakpoint
CREATE TABLE "unusual_days" (
	"farm_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"market_id" uuid NOT NULL,
	"market_day" date NOT NULL,
	"sold_base" double precision NOT NULL,
	"low_base" double precision NOT NULL,
	"high_base" double precision NOT NULL,
	"surprise" double precision NOT NULL,
	"reason" text NOT NULL,
	"reason_text" text DEFAULT '' NOT NULL,
	"largest_base" double precision,
	"is_told" boolean NOT NULL,
	"answer" text,
	"answered_at" timestamp (3) with time zone,
	"answered_by" uuid,
	"found_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "unusual_days_product_id_market_id_market_day_pk" PRIMARY KEY("product_id","market_id","market_day")
);

--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);

--> statement-breakpoint
CREATE TABLE "variants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"product_id" uuid NOT NULL,
	"name" text NOT NULL,
	"price_unit" text NOT NULL,
	"unit_price_cents" integer NOT NULL,
	"unit_price_per" integer NOT NULL,
	"unit_quantity_base" integer NOT NULL,
	"is_weighed" boolean DEFAULT false NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"status" text DEFAULT 'live' NOT NULL,
	CONSTRAINT "variants_price_not_negative" CHECK ("variants"."unit_price_cents" >= 0),
	CONSTRAINT "variants_units_positive" CHECK ("variants"."unit_price_per" > 0 and "variants"."unit_quantity_base" > 0)
);

--> statement-breakpoint
CREATE TABLE "verifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);

--> statement-breakpoint
CREATE TABLE "wishes" (
	"shopper_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"added_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "wishes_shopper_id_product_id_pk" PRIMARY KEY("shopper_id","product_id")
);

--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "advice" ADD CONSTRAINT "advice_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "advice" ADD CONSTRAINT "advice_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "advice" ADD CONSTRAINT "advice_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "advice_settings" ADD CONSTRAINT "advice_settings_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "calendar_feeds" ADD CONSTRAINT "calendar_feeds_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "cart_lines" ADD CONSTRAINT "cart_lines_cart_id_carts_id_fk" FOREIGN KEY ("cart_id") REFERENCES "public"."carts"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "cart_lines" ADD CONSTRAINT "cart_lines_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "carts" ADD CONSTRAINT "carts_shopper_id_shoppers_id_fk" FOREIGN KEY ("shopper_id") REFERENCES "public"."shoppers"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "carts" ADD CONSTRAINT "carts_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "checkouts" ADD CONSTRAINT "checkouts_pickup_slot_id_pickup_slots_id_fk" FOREIGN KEY ("pickup_slot_id") REFERENCES "public"."pickup_slots"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "demand_forecasts" ADD CONSTRAINT "demand_forecasts_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "demand_forecasts" ADD CONSTRAINT "demand_forecasts_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "demand_forecasts" ADD CONSTRAINT "demand_forecasts_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "experiment_assignments" ADD CONSTRAINT "experiment_assignments_experiment_id_experiments_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "public"."experiments"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "experiment_exposures" ADD CONSTRAINT "experiment_exposures_experiment_id_experiments_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "public"."experiments"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "experiment_looks" ADD CONSTRAINT "experiment_looks_experiment_id_experiments_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "public"."experiments"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "farm_crops" ADD CONSTRAINT "farm_crops_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "farm_follows" ADD CONSTRAINT "farm_follows_shopper_id_shoppers_id_fk" FOREIGN KEY ("shopper_id") REFERENCES "public"."shoppers"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "farm_follows" ADD CONSTRAINT "farm_follows_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "farm_members" ADD CONSTRAINT "farm_members_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "farm_members" ADD CONSTRAINT "farm_members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "farm_outlooks" ADD CONSTRAINT "farm_outlooks_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "growing_places" ADD CONSTRAINT "growing_places_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "harvest_windows" ADD CONSTRAINT "harvest_windows_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "harvest_windows" ADD CONSTRAINT "harvest_windows_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "hidden_recommendations" ADD CONSTRAINT "hidden_recommendations_shopper_id_shoppers_id_fk" FOREIGN KEY ("shopper_id") REFERENCES "public"."shoppers"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "hidden_recommendations" ADD CONSTRAINT "hidden_recommendations_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "image_files" ADD CONSTRAINT "image_files_image_id_images_id_fk" FOREIGN KEY ("image_id") REFERENCES "public"."images"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "images" ADD CONSTRAINT "images_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "judged_market_days" ADD CONSTRAINT "judged_market_days_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_stall_sale_id_stall_sales_id_fk" FOREIGN KEY ("stall_sale_id") REFERENCES "public"."stall_sales"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "lots" ADD CONSTRAINT "lots_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "market_farms" ADD CONSTRAINT "market_farms_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "market_farms" ADD CONSTRAINT "market_farms_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "market_managers" ADD CONSTRAINT "market_managers_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "market_managers" ADD CONSTRAINT "market_managers_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "model_activations" ADD CONSTRAINT "model_activations_version_id_model_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."model_versions"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "model_drifts" ADD CONSTRAINT "model_drifts_version_id_model_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."model_versions"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "model_predictions" ADD CONSTRAINT "model_predictions_version_id_model_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."model_versions"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "model_rollouts" ADD CONSTRAINT "model_rollouts_challenger_id_model_versions_id_fk" FOREIGN KEY ("challenger_id") REFERENCES "public"."model_versions"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "model_rollouts" ADD CONSTRAINT "model_rollouts_champion_id_model_versions_id_fk" FOREIGN KEY ("champion_id") REFERENCES "public"."model_versions"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "model_runs" ADD CONSTRAINT "model_runs_version_id_model_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."model_versions"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_shopper_id_shoppers_id_fk" FOREIGN KEY ("shopper_id") REFERENCES "public"."shoppers"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "nowcast_alerts" ADD CONSTRAINT "nowcast_alerts_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "nowcast_alerts" ADD CONSTRAINT "nowcast_alerts_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "nowcast_alerts" ADD CONSTRAINT "nowcast_alerts_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "online_tastes" ADD CONSTRAINT "online_tastes_shopper_id_shoppers_id_fk" FOREIGN KEY ("shopper_id") REFERENCES "public"."shoppers"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "order_events" ADD CONSTRAINT "order_events_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_sub_order_id_sub_orders_id_fk" FOREIGN KEY ("sub_order_id") REFERENCES "public"."sub_orders"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "order_windows" ADD CONSTRAINT "order_windows_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_shopper_id_shoppers_id_fk" FOREIGN KEY ("shopper_id") REFERENCES "public"."shoppers"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_order_window_id_order_windows_id_fk" FOREIGN KEY ("order_window_id") REFERENCES "public"."order_windows"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_pickup_slot_id_pickup_slots_id_fk" FOREIGN KEY ("pickup_slot_id") REFERENCES "public"."pickup_slots"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "pickup_slots" ADD CONSTRAINT "pickup_slots_order_window_id_order_windows_id_fk" FOREIGN KEY ("order_window_id") REFERENCES "public"."order_windows"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "plantings" ADD CONSTRAINT "plantings_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "plantings" ADD CONSTRAINT "plantings_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE set null ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "price_changes" ADD CONSTRAINT "price_changes_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "price_decisions" ADD CONSTRAINT "price_decisions_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "price_decisions" ADD CONSTRAINT "price_decisions_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "price_plans" ADD CONSTRAINT "price_plans_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "price_plans" ADD CONSTRAINT "price_plans_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "price_plans" ADD CONSTRAINT "price_plans_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "price_plans" ADD CONSTRAINT "price_plans_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE set null ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "product_costs" ADD CONSTRAINT "product_costs_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "product_costs" ADD CONSTRAINT "product_costs_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "product_elasticities" ADD CONSTRAINT "product_elasticities_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "product_elasticities" ADD CONSTRAINT "product_elasticities_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_category_categories_slug_fk" FOREIGN KEY ("category") REFERENCES "public"."categories"("slug") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_shopper_id_shoppers_id_fk" FOREIGN KEY ("shopper_id") REFERENCES "public"."shoppers"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "role_grants" ADD CONSTRAINT "role_grants_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "segment_moves" ADD CONSTRAINT "segment_moves_shopper_id_shoppers_id_fk" FOREIGN KEY ("shopper_id") REFERENCES "public"."shoppers"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "shopper_outlooks" ADD CONSTRAINT "shopper_outlooks_shopper_id_shoppers_id_fk" FOREIGN KEY ("shopper_id") REFERENCES "public"."shoppers"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "shopper_profiles" ADD CONSTRAINT "shopper_profiles_shopper_id_shoppers_id_fk" FOREIGN KEY ("shopper_id") REFERENCES "public"."shoppers"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "shoppers" ADD CONSTRAINT "shoppers_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "shoppers" ADD CONSTRAINT "shoppers_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stall_plans" ADD CONSTRAINT "stall_plans_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stall_plans" ADD CONSTRAINT "stall_plans_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stall_plans" ADD CONSTRAINT "stall_plans_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stall_sales" ADD CONSTRAINT "stall_sales_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stall_sales" ADD CONSTRAINT "stall_sales_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stall_sales" ADD CONSTRAINT "stall_sales_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stall_sales" ADD CONSTRAINT "stall_sales_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stock_alert_snoozes" ADD CONSTRAINT "stock_alert_snoozes_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stock_alert_snoozes" ADD CONSTRAINT "stock_alert_snoozes_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stock_alerts" ADD CONSTRAINT "stock_alerts_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stock_alerts" ADD CONSTRAINT "stock_alerts_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stock_entries" ADD CONSTRAINT "stock_entries_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stock_entries" ADD CONSTRAINT "stock_entries_lot_id_lots_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lots"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stock_levels" ADD CONSTRAINT "stock_levels_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stock_subscriptions" ADD CONSTRAINT "stock_subscriptions_shopper_id_shoppers_id_fk" FOREIGN KEY ("shopper_id") REFERENCES "public"."shoppers"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "stock_subscriptions" ADD CONSTRAINT "stock_subscriptions_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "sub_orders" ADD CONSTRAINT "sub_orders_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "sub_orders" ADD CONSTRAINT "sub_orders_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "unusual_days" ADD CONSTRAINT "unusual_days_farm_id_farms_id_fk" FOREIGN KEY ("farm_id") REFERENCES "public"."farms"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "unusual_days" ADD CONSTRAINT "unusual_days_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "unusual_days" ADD CONSTRAINT "unusual_days_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "variants" ADD CONSTRAINT "variants_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "wishes" ADD CONSTRAINT "wishes_shopper_id_shoppers_id_fk" FOREIGN KEY ("shopper_id") REFERENCES "public"."shoppers"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "wishes" ADD CONSTRAINT "wishes_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "accounts_user_id_index" ON "accounts" USING btree ("user_id");
--> statement-breakpoint
CREATE INDEX "action_events_shopper_id_seq_index" ON "action_events" USING btree ("shopper_id","seq");
--> statement-breakpoint
CREATE INDEX "action_events_recorded_at_index" ON "action_events" USING btree ("recorded_at");
--> statement-breakpoint
CREATE INDEX "action_events_views" ON "action_events" USING btree ("recorded_at") WHERE action = 'VIEW_PRODUCT';
--> statement-breakpoint
CREATE INDEX "advice_farm_id_status_valid_until_index" ON "advice" USING btree ("farm_id","status","valid_until");
--> statement-breakpoint
CREATE INDEX "advice_status_valid_until_index" ON "advice" USING btree ("status","valid_until");
--> statement-breakpoint
CREATE INDEX "advice_product_id_index" ON "advice" USING btree ("product_id");
--> statement-breakpoint
CREATE INDEX "api_keys_user_id_index" ON "api_keys" USING btree ("user_id");
--> statement-breakpoint
CREATE INDEX "audit_log_at_index" ON "audit_log" USING btree ("at");
--> statement-breakpoint
CREATE INDEX "calendar_feeds_farm_id_index" ON "calendar_feeds" USING btree ("farm_id");
--> statement-breakpoint
CREATE INDEX "captured_mail_sent_at_index" ON "captured_mail" USING btree ("sent_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "carts_shopper_id_index" ON "carts" USING btree ("shopper_id");
--> statement-breakpoint
CREATE INDEX "checkouts_pickup_slot_id_index" ON "checkouts" USING btree ("pickup_slot_id") WHERE status = 'open';
--> statement-breakpoint
CREATE INDEX "checkouts_shopper_id_index" ON "checkouts" USING btree ("shopper_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "demand_forecasts_current" ON "demand_forecasts" USING btree ("product_id","market_id","market_day") WHERE is_current;
--> statement-breakpoint
CREATE INDEX "demand_forecasts_farm_id_market_day_index" ON "demand_forecasts" USING btree ("farm_id","market_day");
--> statement-breakpoint
CREATE INDEX "demand_forecasts_market_day_index" ON "demand_forecasts" USING btree ("market_day");
--> statement-breakpoint
CREATE INDEX "experiment_assignments_shopper_id_index" ON "experiment_assignments" USING btree ("shopper_id");
--> statement-breakpoint
CREATE INDEX "experiment_exposures_shopper_id_index" ON "experiment_exposures" USING btree ("shopper_id");
--> statement-breakpoint
CREATE INDEX "experiments_status_index" ON "experiments" USING btree ("status");
--> statement-breakpoint
CREATE INDEX "farm_follows_farm_id_index" ON "farm_follows" USING btree ("farm_id");
--> statement-breakpoint
CREATE INDEX "farm_members_user_id_index" ON "farm_members" USING btree ("user_id");
--> statement-breakpoint
CREATE INDEX "harvest_windows_crop_region_index" ON "harvest_windows" USING btree ("crop","region");
--> statement-breakpoint
CREATE INDEX "harvest_windows_product_id_index" ON "harvest_windows" USING btree ("product_id");
--> statement-breakpoint
CREATE INDEX "harvest_windows_farm_id_index" ON "harvest_windows" USING btree ("farm_id");
--> statement-breakpoint
CREATE INDEX "hidden_recommendations_product_id_index" ON "hidden_recommendations" USING btree ("product_id");
--> statement-breakpoint
CREATE INDEX "jobs_open" ON "jobs" USING btree ("run_at","seq") WHERE done_at is null and failed_at is null;
--> statement-breakpoint
CREATE INDEX "jobs_done_at_index" ON "jobs" USING btree ("done_at");
--> statement-breakpoint
CREATE INDEX "judged_market_days_market_day_index" ON "judged_market_days" USING btree ("market_day");
--> statement-breakpoint
CREATE INDEX "latency_buckets_hour_index" ON "latency_buckets" USING btree ("hour");
--> statement-breakpoint
CREATE INDEX "ledger_entries_order_id_index" ON "ledger_entries" USING btree ("order_id");
--> statement-breakpoint
CREATE INDEX "ledger_entries_stall_sale_id_index" ON "ledger_entries" USING btree ("stall_sale_id");
--> statement-breakpoint
CREATE INDEX "ledger_entries_transaction_id_index" ON "ledger_entries" USING btree ("transaction_id");
--> statement-breakpoint
CREATE INDEX "ledger_entries_farm_id_at_index" ON "ledger_entries" USING btree ("farm_id","at");
--> statement-breakpoint
CREATE INDEX "live_messages_topic_seq_index" ON "live_messages" USING btree ("topic","seq");
--> statement-breakpoint
CREATE INDEX "live_messages_at_index" ON "live_messages" USING btree ("at");
--> statement-breakpoint
CREATE UNIQUE INDEX "lots_product_id_code_index" ON "lots" USING btree ("product_id","code");
--> statement-breakpoint
CREATE INDEX "market_farms_farm_id_index" ON "market_farms" USING btree ("farm_id");
--> statement-breakpoint
CREATE INDEX "market_managers_user_id_index" ON "market_managers" USING btree ("user_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "one_active_model" ON "model_activations" USING btree ("type","scope") WHERE ended_at is null;
--> statement-breakpoint
CREATE INDEX "model_activations_version_id_index" ON "model_activations" USING btree ("version_id");
--> statement-breakpoint
CREATE INDEX "model_drifts_version_id_at_index" ON "model_drifts" USING btree ("version_id","at");
--> statement-breakpoint
CREATE INDEX "model_predictions_version_id_at_index" ON "model_predictions" USING btree ("version_id","at");
--> statement-breakpoint
CREATE INDEX "model_predictions_rollout_id_at_index" ON "model_predictions" USING btree ("rollout_id","at");
--> statement-breakpoint
CREATE INDEX "model_predictions_at_index" ON "model_predictions" USING btree ("at");
--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_rollout" ON "model_rollouts" USING btree ("type","scope") WHERE ended_at is null;
--> statement-breakpoint
CREATE INDEX "model_rollouts_challenger_id_index" ON "model_rollouts" USING btree ("challenger_id");
--> statement-breakpoint
CREATE INDEX "model_rollouts_champion_id_index" ON "model_rollouts" USING btree ("champion_id");
--> statement-breakpoint
CREATE INDEX "model_runs_name_requested_at_index" ON "model_runs" USING btree ("name","requested_at");
--> statement-breakpoint
CREATE INDEX "model_runs_version_id_index" ON "model_runs" USING btree ("version_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "model_versions_name_scope_version_index" ON "model_versions" USING btree ("name","scope","version");
--> statement-breakpoint
CREATE INDEX "noted_changes_xid_index" ON "noted_changes" USING btree ("xid");
--> statement-breakpoint
CREATE INDEX "notifications_shopper_id_created_at_id_index" ON "notifications" USING btree ("shopper_id","created_at","id");
--> statement-breakpoint
CREATE INDEX "notifications_unread_index" ON "notifications" USING btree ("shopper_id") WHERE read_at is null;
--> statement-breakpoint
CREATE INDEX "nowcast_alerts_farm_id_index" ON "nowcast_alerts" USING btree ("farm_id");
--> statement-breakpoint
CREATE INDEX "online_tastes_learned_at_index" ON "online_tastes" USING btree ("learned_at");
--> statement-breakpoint
CREATE INDEX "order_events_order_id_seq_index" ON "order_events" USING btree ("order_id","seq");
--> statement-breakpoint
CREATE INDEX "order_lines_bought" ON "order_lines" USING btree ("order_id","product_id","unit_price_cents","unit_price_per");
--> statement-breakpoint
CREATE INDEX "order_lines_sub_order_id_index" ON "order_lines" USING btree ("sub_order_id");
--> statement-breakpoint
CREATE INDEX "order_lines_product_id_index" ON "order_lines" USING btree ("product_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "order_lines_order_id_variant_id_index" ON "order_lines" USING btree ("order_id","variant_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "order_windows_market_id_market_day_index" ON "order_windows" USING btree ("market_id","market_day");
--> statement-breakpoint
CREATE INDEX "order_windows_closes_at_index" ON "order_windows" USING btree ("closes_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "orders_shopper_id_idempotency_key_index" ON "orders" USING btree ("shopper_id","idempotency_key");
--> statement-breakpoint
CREATE INDEX "orders_shopper_id_placed_at_index" ON "orders" USING btree ("shopper_id","placed_at");
--> statement-breakpoint
CREATE INDEX "orders_pickup_slot_id_index" ON "orders" USING btree ("pickup_slot_id");
--> statement-breakpoint
CREATE INDEX "orders_order_window_id_index" ON "orders" USING btree ("order_window_id");
--> statement-breakpoint
CREATE INDEX "orders_placed_at_index" ON "orders" USING btree ("placed_at");
--> statement-breakpoint
CREATE INDEX "outbox_open" ON "outbox" USING btree ("priority","seq") WHERE done_at is null and parked_at is null and archive_id is null;
--> statement-breakpoint
CREATE INDEX "outbox_parked" ON "outbox" USING btree ("seq") WHERE parked_at is not null;
--> statement-breakpoint
CREATE INDEX "outbox_archived" ON "outbox" USING btree ("archive_id") WHERE archive_id is not null;
--> statement-breakpoint
CREATE INDEX "outbox_done_at_index" ON "outbox" USING btree ("done_at");
--> statement-breakpoint
CREATE INDEX "payments_order_id_index" ON "payments" USING btree ("order_id");
--> statement-breakpoint
CREATE INDEX "payments_checkout_id_index" ON "payments" USING btree ("checkout_id");
--> statement-breakpoint
CREATE INDEX "payments_created_at_index" ON "payments" USING btree ("created_at") WHERE status in ('pending', 'authorised');
--> statement-breakpoint
CREATE UNIQUE INDEX "pickup_slots_order_window_id_starts_at_index" ON "pickup_slots" USING btree ("order_window_id","starts_at");
--> statement-breakpoint
CREATE INDEX "plantings_farm_id_sow_on_index" ON "plantings" USING btree ("farm_id","sow_on");
--> statement-breakpoint
CREATE INDEX "plantings_product_id_index" ON "plantings" USING btree ("product_id");
--> statement-breakpoint
CREATE INDEX "price_changes_variant_id_changed_at_index" ON "price_changes" USING btree ("variant_id","changed_at");
--> statement-breakpoint
CREATE INDEX "price_changes_changed_at_index" ON "price_changes" USING btree ("changed_at");
--> statement-breakpoint
CREATE INDEX "price_decisions_farm_id_decided_at_index" ON "price_decisions" USING btree ("farm_id","decided_at");
--> statement-breakpoint
CREATE INDEX "price_decisions_variant_id_index" ON "price_decisions" USING btree ("variant_id");
--> statement-breakpoint
CREATE INDEX "price_plans_farm_id_starts_at_index" ON "price_plans" USING btree ("farm_id","starts_at");
--> statement-breakpoint
CREATE INDEX "price_plans_product_id_index" ON "price_plans" USING btree ("product_id");
--> statement-breakpoint
CREATE INDEX "price_plans_variant_id_index" ON "price_plans" USING btree ("variant_id");
--> statement-breakpoint
CREATE INDEX "price_plans_market_id_index" ON "price_plans" USING btree ("market_id");
--> statement-breakpoint
CREATE INDEX "price_plans_open" ON "price_plans" USING btree ("starts_at") WHERE status in ('planned', 'running');
--> statement-breakpoint
CREATE INDEX "product_costs_farm_id_index" ON "product_costs" USING btree ("farm_id");
--> statement-breakpoint
CREATE INDEX "product_elasticities_farm_id_index" ON "product_elasticities" USING btree ("farm_id");
--> statement-breakpoint
CREATE INDEX "products_farm_id_index" ON "products" USING btree ("farm_id");
--> statement-breakpoint
CREATE INDEX "products_category_index" ON "products" USING btree ("category");
--> statement-breakpoint
CREATE INDEX "products_words" ON "products" USING gin (to_tsvector('english', "name" || ' ' || "description"));
--> statement-breakpoint
CREATE INDEX "products_name_trgm" ON "products" USING gin ("name" gin_trgm_ops);
--> statement-breakpoint
CREATE INDEX "ranking_models_fitted_at_index" ON "ranking_models" USING btree ("fitted_at");
--> statement-breakpoint
CREATE INDEX "ranking_switches_version_index" ON "ranking_switches" USING btree ("version");
--> statement-breakpoint
CREATE UNIQUE INDEX "ratings_one_per_product" ON "ratings" USING btree ("shopper_id","product_id") WHERE product_id is not null;
--> statement-breakpoint
CREATE UNIQUE INDEX "ratings_one_per_farm" ON "ratings" USING btree ("shopper_id","farm_id") WHERE product_id is null;
--> statement-breakpoint
CREATE INDEX "ratings_product_id_index" ON "ratings" USING btree ("product_id");
--> statement-breakpoint
CREATE INDEX "recommendation_evaluations_evaluated_at_index" ON "recommendation_evaluations" USING btree ("evaluated_at");
--> statement-breakpoint
CREATE INDEX "recommendation_rules_last_day_index" ON "recommendation_rules" USING btree ("last_day");
--> statement-breakpoint
CREATE INDEX "recommendation_slates_shopper_id_shown_at_index" ON "recommendation_slates" USING btree ("shopper_id","shown_at");
--> statement-breakpoint
CREATE INDEX "recommendation_slates_shown_at_index" ON "recommendation_slates" USING btree ("shown_at");
--> statement-breakpoint
CREATE INDEX "reservations_product_id_index" ON "reservations" USING btree ("product_id") WHERE status = 'active';
--> statement-breakpoint
CREATE INDEX "reservations_expires_at_index" ON "reservations" USING btree ("expires_at") WHERE status = 'active';
--> statement-breakpoint
CREATE INDEX "reservations_checkout_id_index" ON "reservations" USING btree ("checkout_id");
--> statement-breakpoint
CREATE INDEX "search_log_shopper_id_searched_at_index" ON "search_log" USING btree ("shopper_id","searched_at");
--> statement-breakpoint
CREATE INDEX "search_log_algorithm_searched_at_index" ON "search_log" USING btree ("algorithm","searched_at");
--> statement-breakpoint
CREATE INDEX "search_log_searched_at_index" ON "search_log" USING btree ("searched_at");
--> statement-breakpoint
CREATE INDEX "segment_moves_moved_at_index" ON "segment_moves" USING btree ("moved_at");
--> statement-breakpoint
CREATE INDEX "segment_moves_shopper_id_index" ON "segment_moves" USING btree ("shopper_id");
--> statement-breakpoint
CREATE INDEX "sessions_user_id_index" ON "sessions" USING btree ("user_id");
--> statement-breakpoint
CREATE INDEX "shopper_outlooks_is_at_risk_churn_probability_index" ON "shopper_outlooks" USING btree ("is_at_risk","churn_probability");
--> statement-breakpoint
CREATE INDEX "shopper_profiles_segment_index" ON "shopper_profiles" USING btree ("segment");
--> statement-breakpoint
CREATE UNIQUE INDEX "shoppers_user_id_index" ON "shoppers" USING btree ("user_id");
--> statement-breakpoint
CREATE INDEX "stall_plans_farm_id_market_day_index" ON "stall_plans" USING btree ("farm_id","market_day");
--> statement-breakpoint
CREATE UNIQUE INDEX "stall_sales_farm_id_idempotency_key_index" ON "stall_sales" USING btree ("farm_id","idempotency_key");
--> statement-breakpoint
CREATE INDEX "stall_sales_farm_id_market_day_index" ON "stall_sales" USING btree ("farm_id","market_day");
--> statement-breakpoint
CREATE INDEX "stall_sales_product_id_market_day_index" ON "stall_sales" USING btree ("product_id","market_day");
--> statement-breakpoint
CREATE INDEX "stall_sales_market_id_market_day_index" ON "stall_sales" USING btree ("market_id","market_day");
--> statement-breakpoint
CREATE INDEX "stock_alert_snoozes_farm_id_index" ON "stock_alert_snoozes" USING btree ("farm_id");
--> statement-breakpoint
CREATE INDEX "stock_alerts_farm_id_made_at_index" ON "stock_alerts" USING btree ("farm_id","made_at");
--> statement-breakpoint
CREATE INDEX "stock_alerts_made_at_index" ON "stock_alerts" USING btree ("made_at") WHERE told_at is null;
--> statement-breakpoint
CREATE INDEX "stock_entries_product_id_seq_index" ON "stock_entries" USING btree ("product_id","seq");
--> statement-breakpoint
CREATE INDEX "stock_entries_order_line_id_index" ON "stock_entries" USING btree ("order_line_id");
--> statement-breakpoint
CREATE INDEX "stock_subscriptions_product_id_index" ON "stock_subscriptions" USING btree ("product_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "sub_orders_order_id_farm_id_index" ON "sub_orders" USING btree ("order_id","farm_id");
--> statement-breakpoint
CREATE INDEX "sub_orders_farm_id_index" ON "sub_orders" USING btree ("farm_id");
--> statement-breakpoint
CREATE INDEX "unusual_days_farm_id_market_day_index" ON "unusual_days" USING btree ("farm_id","market_day");
--> statement-breakpoint
CREATE INDEX "unusual_days_slips" ON "unusual_days" USING btree ("product_id") WHERE answer = 'slip';
--> statement-breakpoint
CREATE INDEX "variants_product_id_index" ON "variants" USING btree ("product_id");
--> statement-breakpoint
CREATE INDEX "verifications_identifier_index" ON "verifications" USING btree ("identifier");
--> statement-breakpoint
CREATE INDEX "wishes_product_id_index" ON "wishes" USING btree ("product_id");
