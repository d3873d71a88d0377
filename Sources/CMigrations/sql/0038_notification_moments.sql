-- Moments of notifications that were missing, or were times of somebody's clock.

-- When a delivery was put on its way: one that stays there has come to nothing.
ALTER TABLE notification_deliveries ADD COLUMN began_at timestamptz;
CREATE INDEX notification_deliveries_under_way ON notification_deliveries (began_at) WHERE status = 'SENDING';

-- When the hour, day or week of a digest began, by the clock of its reader: days and weeks of digests begin at eight in the
-- morning, weeks on Mondays. An hour that comes twice when clocks are set back is two.
CREATE FUNCTION digest_start(frequency text, zone text, at timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE frequency
      WHEN 'HOURLY' THEN at - ((at AT TIME ZONE zone) - date_trunc('hour', at AT TIME ZONE zone))
      WHEN 'DAILY' THEN
          (date_trunc('day', (at AT TIME ZONE zone) - interval '8 hours') + interval '8 hours') AT TIME ZONE zone
      WHEN 'WEEKLY' THEN
          (date_trunc('week', (at AT TIME ZONE zone) - interval '8 hours') + interval '8 hours') AT TIME ZONE zone
  END
$$;

-- A moment, so that whoever moves to another zone gets their next digest when its time comes there. Those that were sent
-- before are taken to be of the present time.
ALTER TABLE notification_schedules ALTER COLUMN digested_for TYPE timestamptz USING digested_for AT TIME ZONE 'UTC';
UPDATE notification_schedules s SET digested_for = digest_start(s.email_digest,
    CASE WHEN s.quiet_start IS NULL THEN u.time_zone ELSE s.time_zone END, now())
FROM users u WHERE u.id = s.user_id AND s.digested_for IS NOT NULL;
DROP FUNCTION digest_period;
