package import PostgresClient

/// The event log has a table for each day, so that forgetting a day is dropping a table.
enum EventPartitionStatements {
    /// From today to seven days ahead. Of a day of which events are in the default partition already no table is made.
    static let make = PlainCommand(
        """
        DO $$
        DECLARE
            today date := (now() AT TIME ZONE 'UTC')::date;
            day date;
        BEGIN
            PERFORM set_config('lock_timeout', '2s', true);
            FOR day IN SELECT generate_series(today, today + 7, interval '1 day') LOOP
                CONTINUE WHEN to_regclass('events_' || to_char(day, 'YYYYMMDD')) IS NOT NULL;
                BEGIN
                    EXECUTE format(
                        'CREATE TABLE %I PARTITION OF events FOR VALUES FROM (%L) TO (%L)',
                        'events_' || to_char(day, 'YYYYMMDD'), day || ' 00:00+00', (day + 1) || ' 00:00+00');
                EXCEPTION WHEN check_violation THEN NULL;
                END;
            END LOOP;
        END $$
        """
    )
    /// Days that ended more than seven days ago; the topics remember how far they were forgotten.
    static let drop = PlainCommand(
        """
        DO $$
        DECLARE
            first text := 'events_' || to_char((now() AT TIME ZONE 'UTC')::date - 7, 'YYYYMMDD');
            old regclass;
        BEGIN
            PERFORM set_config('lock_timeout', '2s', true);
            FOR old IN SELECT c.oid FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                WHERE i.inhparent = 'events'::regclass AND c.relname ~ '^events_[0-9]{8}$' AND c.relname < first
                ORDER BY c.relname
            LOOP
                EXECUTE format(
                    'UPDATE event_topics t SET purged_through = greatest(t.purged_through, gone.seq)
                     FROM (SELECT topic, max(seq) AS seq FROM %s GROUP BY topic) gone WHERE t.name = gone.topic', old);
                EXECUTE format('DROP TABLE %s', old);
            END LOOP;
        END $$
        """
    )
    static let all: [any CheckableStatement] = [make, drop]
}

extension PostgresPool {
    /// Makes the tables of the days to come.
    package func makeEventPartitions() async throws {
        _ = try await transaction { try await $0.execute(EventPartitionStatements.make) }
    }

    /// Forgets events of more than seven days; cursors from there are answered with a resynchronisation.
    package func dropOldEvents() async throws {
        _ = try await transaction { try await $0.execute(EventPartitionStatements.drop) }
    }
}
