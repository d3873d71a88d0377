-- How notifications reach people beside the list: by mail, at once or together, and in browsers by push.

ALTER TABLE notification_deliveries
  -- Waits for the next digest.
  ADD COLUMN is_digested boolean NOT NULL DEFAULT false,
  ADD COLUMN mail_id uuid REFERENCES email_messages ON DELETE SET NULL,
  ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX notification_deliveries_of_mail ON notification_deliveries (mail_id) WHERE mail_id IS NOT NULL;
CREATE INDEX notification_deliveries_newest ON notification_deliveries (created_at);

ALTER TABLE notification_preferences ADD CHECK (channel IN ('IN_APP','EMAIL','PUSH'));

-- Of what time the last digest was, by the clock of its reader.
ALTER TABLE notification_schedules ADD COLUMN digested_for timestamp,
  ADD CHECK (email_digest IN ('IMMEDIATE','HOURLY','DAILY','WEEKLY','OFF'));
CREATE INDEX notification_schedules_digests ON notification_schedules (user_id)
  WHERE email_digest IN ('HOURLY','DAILY','WEEKLY');

-- Which hour, day or week it is for a digest, by the clock of its reader: days and weeks of digests begin at eight in the
-- morning, weeks on Mondays.
CREATE FUNCTION digest_period(frequency text, zone text, at timestamptz) RETURNS timestamp LANGUAGE sql STABLE AS $$
  SELECT CASE frequency
      WHEN 'HOURLY' THEN date_trunc('hour', at AT TIME ZONE zone)
      WHEN 'DAILY' THEN date_trunc('day', (at AT TIME ZONE zone) - interval '8 hours')
      WHEN 'WEEKLY' THEN date_trunc('week', (at AT TIME ZONE zone) - interval '8 hours')
  END
$$;

-- A browser hears of an account as long as it is signed in.
ALTER TABLE push_subscriptions ADD COLUMN session_id uuid NOT NULL REFERENCES auth_sessions ON DELETE CASCADE,
  ALTER COLUMN keys_enc SET NOT NULL,
  ADD CHECK (length(endpoint) <= 2000), ADD CHECK (length(device_name) <= 80);
CREATE INDEX push_subscriptions_of_user ON push_subscriptions (user_id, created_at, id);
CREATE INDEX push_subscriptions_of_session ON push_subscriptions (session_id);
