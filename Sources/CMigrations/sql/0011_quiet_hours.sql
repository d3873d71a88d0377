-- Until when somebody wants to be left in peace; null for those who do not, at that moment.
-- A night begins on the day that is listed, and goes on into the next one. Days are those of the person's own zone.

CREATE FUNCTION quiet_until(
    enabled boolean, quiet_start time, quiet_end time, zone text, weekdays smallint[], muted_until timestamptz,
    at timestamptz
) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT max(until) FROM (
      SELECT muted_until AS until WHERE muted_until > at
      UNION ALL
      SELECT (night.ends AT TIME ZONE zone)
      FROM (
          SELECT day + quiet_start AS begins,
              day + quiet_end + CASE WHEN quiet_end <= quiet_start THEN interval '1 day' ELSE interval '0' END AS ends
          FROM (VALUES ((at AT TIME ZONE zone)::date - 1), ((at AT TIME ZONE zone)::date)) AS d (day)
          WHERE extract(isodow FROM day)::smallint = ANY (weekdays)
      ) AS night
      WHERE enabled AND (at AT TIME ZONE zone) >= night.begins AND (at AT TIME ZONE zone) < night.ends
  ) AS reasons
$$;

-- What is old and done with is purged by age.
CREATE INDEX notifications_old ON notifications (created_at);

-- Whether somebody has signed in from a program before.
CREATE INDEX ON auth_sessions (user_id, user_agent);
