import Data
import EventLoop
import PostgresClient
import PostgresTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct HousekeepingTests {
    private static let tables = Statement<Int>(
        "SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass"
    )

    @Test func `events have a table for each day, made ahead`() async throws {
        let database = try await migratedDatabase()
        try await withPool(database) { pool in
            try await pool.makeEventPartitions()
            // The default one, today and seven days.
            #expect(try await pool.session().one(Self.tables) == 9)
            try await pool.makeEventPartitions()
            #expect(try await pool.session().one(Self.tables) == 9)
            let place = try TestCluster.execute(
                """
                SELECT append_event('room:1', 'k', '{}');
                SELECT count(*) || ' ' || bool_and(tableoid::regclass::text ~ '^events_[0-9]{8}$') FROM events
                """,
                on: database
            )
            #expect(place == "1 true")
        }
    }

    @Test func `a day that has events already is left as it is`() async throws {
        let database = try await migratedDatabase()
        try TestCluster.execute("SELECT append_event('room:1', 'k', '{}')", on: database)
        try await withPool(database) { pool in
            try await pool.makeEventPartitions()
            #expect(try await pool.session().one(Self.tables) == 8)
            try TestCluster.execute("SELECT append_event('room:1', 'k', '{}')", on: database)
        }
    }

    @Test func `days of more than a week go, and their subscribers begin anew`() async throws {
        let database = try await migratedDatabase()
        try TestCluster.execute(
            """
            DO $$ DECLARE day date; BEGIN
                FOR day IN SELECT generate_series(current_date - 9, current_date - 6, interval '1 day') LOOP
                    EXECUTE format('CREATE TABLE %I PARTITION OF events FOR VALUES FROM (%L) TO (%L)',
                        'events_' || to_char(day, 'YYYYMMDD'), day || ' 00:00+00', (day + 1) || ' 00:00+00');
                END LOOP;
            END $$;
            INSERT INTO event_topics (name, last_seq) VALUES ('room:1', 4), ('room:2', 1);
            INSERT INTO events (topic, seq, kind, payload, created_at) SELECT 'room:1', n, 'k', '{}',
                (current_date - 10 + n || ' 12:00+00')::timestamptz FROM generate_series(1, 4) n;
            INSERT INTO events (topic, seq, kind, payload) VALUES ('room:2', 1, 'k', '{}');
            """,
            on: database
        )
        try await withPool(database) { pool in
            try await pool.dropOldEvents()
            #expect(try await pool.session().one(Self.tables) == 3)
            let kept = try TestCluster.execute(
                "SELECT string_agg(topic || ' ' || seq, ', ' ORDER BY topic, seq) FROM events",
                on: database
            )
            #expect(kept == "room:1 3, room:1 4, room:2 1")
            let feed = EventFeed(pool)
            defer { feed.close() }
            let old = try await feed.subscribe(to: "room:1", after: 1)
            #expect(try await old.next() == .resyncRequired(seq: 4))
            let recent = try await feed.subscribe(to: "room:1", after: 2)
            guard case .event(let event) = try await recent.next() else {
                Issue.record("nothing of what is kept")
                return
            }
            #expect(event.seq == 3)
        }
    }

    @Test func `only what is over is removed, in batches`() async throws {
        let database = try await migratedDatabase()
        try TestCluster.execute(
            """
            INSERT INTO rate_buckets SELECT 'old ' || n, 1, now() - interval '25 hours' FROM generate_series(1, 25) n;
            INSERT INTO rate_buckets VALUES ('new', 1, now());
            INSERT INTO sign_in_failures (key, last_at) VALUES ('\\x01', now() - interval '3 days'), ('\\x02', now());
            INSERT INTO idempotency_keys (principal, key, field, request_hash, locked_until, expires_at) VALUES
                ('user:1', 'key-00001', 'f', '\\x00', now(), now() - interval '1 second'),
                ('user:1', 'key-00002', 'f', '\\x00', now(), now() + interval '1 hour');
            INSERT INTO jobs (name, status, finished_at) VALUES
                ('old', 'SUCCEEDED', now() - interval '8 days'), ('new', 'SUCCEEDED', now() - interval '6 days'),
                ('dead', 'DEAD', now() - interval '8 days'), ('long dead', 'DEAD', now() - interval '31 days'),
                ('waiting', 'QUEUED', NULL);
            INSERT INTO users (id, email, username, name)
                VALUES ('00000000-0000-7000-8000-000000000001', 'ida@example.org', 'ida', 'Ida');
            INSERT INTO auth_sessions (user_id, method, device_name, created_at, expires_at, revoked_at)
            SELECT id, 'PASSWORD', device, now() - interval '1 year', now() + expiry, now() + revocation
            FROM users, (VALUES ('ended', interval '-181 days', NULL), ('revoked', '1 day', interval '-181 days'),
                ('lately', '-179 days', NULL), ('living', '1 day', NULL)) AS s (device, expiry, revocation);
            INSERT INTO one_time_tokens (token_hash, purpose, expires_at) VALUES
                ('\\x01', 'MFA_CHALLENGE', now() - interval '2 days'), ('\\x02', 'MFA_CHALLENGE', now() - interval '1 hour');
            INSERT INTO oauth_attempts (state_hash, ticket_hash, provider, intent, return_to, created_at, expires_at) VALUES
                ('\\x01', '\\x01', 'GOOGLE', 'SIGN_IN', '/', now(), now() - interval '1 second'),
                ('\\x02', '\\x02', 'GOOGLE', 'SIGN_IN', '/', now(), now() + interval '10 minutes');
            """,
            on: database
        )
        try await withPool(database) { pool in
            #expect(try await pool.removeExpiredRows(batch: 10) == 25 + 1 + 1 + 2 + 2 + 1 + 1)
            #expect(try await pool.removeExpiredRows() == 0)
            let jobs = try TestCluster.execute("SELECT string_agg(name, ', ' ORDER BY name) FROM jobs", on: database)
            #expect(jobs == "dead, new, waiting")
            let sessions = "SELECT string_agg(device_name, ', ' ORDER BY device_name) FROM auth_sessions"
            #expect(try TestCluster.execute(sessions, on: database) == "lately, living")
            #expect(try TestCluster.execute("SELECT count(*) FROM one_time_tokens", on: database) == "1")
        }
    }
}
