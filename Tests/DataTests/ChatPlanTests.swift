import PostgresClient
import PostgresTesting
import Testing

@testable import Data

/// What PostgreSQL does for the reads of chat in tables that are large: the statements of the program themselves, through
/// `visible_rooms`, and no table read through.
@Suite(.timeLimit(.minutes(3))) struct ChatPlanTests {
    private static let database = Task {
        let database = try await migratedDatabase()
        for sql in [
            """
            SET session_replication_role = replica;
            INSERT INTO users (id, email, username, name)
            SELECT \(id("1", "n")), 'u' || n || '@example.org', 'user' || n, 'x' FROM generate_series(1, 2000) n;
            INSERT INTO groups (id, name, slug, visibility) SELECT \(id("2", "n")), 'g' || n, 'g' || n,
                (ARRAY['PUBLIC', 'REQUEST_TO_JOIN', 'INVITE_ONLY'])[n % 3 + 1]
            FROM generate_series(1, 20000) n;
            INSERT INTO group_members (group_id, user_id, role)
            SELECT \(id("2", "n / 10 + 1")), \(id("1", "n % 2000 + 1")), 'MEMBER' FROM generate_series(0, 9999) n;
            INSERT INTO rooms (id, kind, last_seq, direct_key)
            SELECT \(id("3", "n")), CASE WHEN n > 4000 THEN 'DIRECT' ELSE 'CHANNEL' END, 25,
                CASE WHEN n > 4000 THEN n::text END
            FROM generate_series(1, 5000) n;
            INSERT INTO channels (id, group_id, name, is_private)
            SELECT \(id("3", "n")), \(id("2", "n / 4 + 1")), 'c' || n, n % 4 = 0 FROM generate_series(0, 3999) n WHERE n > 0;
            INSERT INTO room_members (room_id, user_id)
            SELECT \(id("3", "n / 2 + 4001")), \(id("1", "n % 2000 + 1")) FROM generate_series(0, 1999) n;
            INSERT INTO room_members (room_id, user_id)
            SELECT \(id("3", "n")), \(id("1", "n % 2000 + 1")) FROM generate_series(1, 3999) n;
            INSERT INTO rooms (id, kind) SELECT \(id("5", "n")), 'CONVERSATION' FROM generate_series(1, 2000) n;
            INSERT INTO conversations (id, owner_id)
            SELECT \(id("5", "n")), \(id("1", "n % 2000 + 1")) FROM generate_series(1, 2000) n;
            INSERT INTO room_members (room_id, user_id)
            SELECT \(id("5", "n")), \(id("1", "n % 2000 + 1")) FROM generate_series(1, 2000) n;
            INSERT INTO guests (id, name) SELECT \(id("6", "n")), 'guest' FROM generate_series(1, 2000) n;
            INSERT INTO room_members (room_id, guest_id)
            SELECT \(id("5", "n")), \(id("6", "n")) FROM generate_series(1, 2000) n;
            INSERT INTO guest_links (id, conversation_id, guest_id, token_hash, expires_at)
            SELECT \(id("7", "n")), \(id("5", "n")), \(id("6", "n")), sha256(n::text::bytea), now() + interval '1 day'
            FROM generate_series(1, 2000) n;
            INSERT INTO sellers (id, conversation_id, name)
            SELECT \(id("8", "n")), \(id("5", "n % 2000 + 1")), 's' || n FROM generate_series(0, 19999) n;
            INSERT INTO vendors (id, conversation_id, name)
            SELECT \(id("a", "n")), \(id("5", "n")), 'v' FROM generate_series(1, 2000) n;
            INSERT INTO seller_products (id, seller_id, conversation_id, sku, name, price_minor, currency)
            SELECT \(id("9", "n")), \(id("8", "n % 20000")), \(id("5", "n % 2000 + 1")), 'p' || n, 'p', n, 'EUR'
            FROM generate_series(0, 39999) n;
            INSERT INTO messages (id, room_id, seq, author_id, body)
            SELECT \(id("4", "n")), \(id("3", "n / 25 + 1")), n % 25 + 1, \(id("1", "n % 2000 + 1")), 'message'
            FROM generate_series(0, 99999) n;
            INSERT INTO message_reactions (message_id, user_id, emoji)
            SELECT \(id("4", "n")), \(id("1", "n % 2000 + 1")), 'x' FROM generate_series(0, 49999) n;
            INSERT INTO message_revisions (message_id, revision, body)
            SELECT \(id("4", "n")), 1, 'before' FROM generate_series(0, 19999) n;
            INSERT INTO message_stars (user_id, message_id)
            SELECT \(id("1", "n % 2000 + 1")), \(id("4", "n")) FROM generate_series(0, 19999) n;
            INSERT INTO message_mentions (room_id, seq, user_id, message_id, created_at)
            SELECT \(id("3", "n / 25 + 1")), n % 25 + 1, \(id("1", "n % 40 + 1")), \(id("4", "n")),
                now() - n * interval '1 second'
            FROM generate_series(0, 19999) n;
            UPDATE messages SET pinned_at = now() WHERE seq = 1;
            UPDATE messages m SET thread_root_id = r.id FROM messages r
            WHERE r.room_id = m.room_id AND r.seq = 1 AND m.seq = 2;
            UPDATE messages m SET reply_to_id = r.id FROM messages r
            WHERE r.room_id = m.room_id AND r.seq = 1 AND m.seq = 3;
            INSERT INTO thread_states (user_id, root_id)
            SELECT \(id("1", "n % 2000 + 1")), \(id("4", "n * 25")) FROM generate_series(0, 3999) n;
            INSERT INTO message_drafts (user_id, room_id, body, updated_at)
            SELECT \(id("1", "n % 2000 + 1")), \(id("3", "n")), 'begun', now() FROM generate_series(1, 4000) n;
            INSERT INTO room_preferences (room_id, user_id)
            SELECT \(id("3", "n")), \(id("1", "n % 2000 + 1")) FROM generate_series(1, 4000) n;
            INSERT INTO moderation_reports (message_id, reporter_id, reason, group_id)
            SELECT \(id("4", "n")), \(id("1", "n % 2000 + 1")), 'SPAM', \(id("2", "n / 25 / 4 + 1"))
            FROM generate_series(0, 19999) n;
            INSERT INTO group_bans (group_id, user_id, reason)
            SELECT \(id("2", "n / 10 + 1")), \(id("1", "n % 2000 + 1")), 'x' FROM generate_series(0, 9999) n;
            INSERT INTO group_join_requests (group_id, user_id)
            SELECT \(id("2", "n / 10 + 1")), \(id("1", "n % 2000 + 1")) FROM generate_series(0, 9999) n;
            """,
            "ANALYZE",
        ] {
            try TestCluster.execute(sql, on: database)
        }
        return database
    }

    /// A UUID of a kind and a number, in SQL.
    private static func id(_ kind: String, _ number: String) -> String {
        "('\(kind)0000000-0000-7000-8000-' || lpad((\(number))::text, 12, '0'))::uuid"
    }

    private let user = "'10000000-0000-7000-8000-000000000007'"
    private let rooms = "'{30000000-0000-7000-8000-000000000007,30000000-0000-7000-8000-000000004007}'"
    private let groups = "'{20000000-0000-7000-8000-000000000001,20000000-0000-7000-8000-000000000002}'"
    private let messages = "'{40000000-0000-7000-8000-000000000007,40000000-0000-7000-8000-000000000107}'"
    private let last = "'00000000-0000-7000-8000-000000000000'"

    /// Holds both the plan for these values and the one for all values against it.
    private func expect(
        _ text: StatementText,
        _ values: [String],
        uses indexes: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let database = try await Self.database.value
        let types = try #require(
            try TestCluster.execute(
                """
                SELECT string_agg(CASE oid WHEN 0 THEN 'unknown' ELSE format_type(oid, NULL) END, ', ' ORDER BY number)
                FROM unnest('{\(text.parameters.map { "\($0.oid)" }.joined(separator: ","))}'::oid[])
                    WITH ORDINALITY AS parameter (oid, number)
                """,
                on: database
            )
        )
        for mode in ["force_custom_plan", "force_generic_plan"] {
            let plan = try #require(
                try TestCluster.execute(
                    """
                    SET plan_cache_mode = \(mode);
                    PREPARE p (\(types)) AS \(text.sql);
                    EXPLAIN (FORMAT JSON) EXECUTE p(\(values.joined(separator: ", ")));
                    """,
                    on: database
                )
            )
            for index in indexes {
                #expect(
                    plan.contains("\"Index Name\": \"\(index)\""),
                    "\(index): \(plan)",
                    sourceLocation: sourceLocation
                )
            }
            #expect(!plan.contains("Seq Scan"), "\(plan)", sourceLocation: sourceLocation)
        }
    }

    @Test func `a page of messages begins where it stands`() async throws {
        let sql = MessageReadStatements.ofRooms.sql
        for text in [sql.fromStart, sql.fromEnd] {
            try await expect(text, [rooms, "51"], uses: ["messages_room_id_seq_key"])
        }
        for text in [sql.afterCursor, sql.beforeCursor] {
            try await expect(text, [rooms, "12", "51"], uses: ["messages_room_id_seq_key"])
        }
    }

    @Test func `messages are found by their numbers`() async throws {
        try await expect(
            MessageReadStatements.atPlaces.text,
            [rooms, "'{25,1}'"],
            uses: ["messages_room_id_seq_key"]
        )
    }

    @Test func `what hangs on messages is found by their ids`() async throws {
        try await expect(MessageReadStatements.visible.text, [messages, user], uses: ["messages_pkey"])
        try await expect(ReactionStatements.ofMessages.text, [messages, user], uses: ["message_reactions_pkey"])
        try await expect(
            MessageReadStatements.revisions.text,
            [messages, "100"],
            uses: ["message_revisions_message_id_revision_key"]
        )
    }

    /// Where PostgreSQL does not fold `visible_rooms` into a plan, the plan shows a call of it: this is what it does then.
    @Test func `whether somebody sees a room is a few looks into indexes`() async throws {
        try await expect(
            RoomReadStatements.visible.text,
            [rooms, user],
            uses: ["rooms_pkey", "channels_pkey", "group_members_group_id_user_id_key"]
        )
    }

    @Test func `who sees a message or one room is looked up as a part of the plan`() async throws {
        let room = "'30000000-0000-7000-8000-000000000007'"
        let message = "'40000000-0000-7000-8000-000000000007'"
        let indexes = ["channels_pkey", "group_members_group_id_user_id_key"]
        // Where it is called instead, each call plans it: a millisecond.
        try await expect(MessageReadStatements.visible.text, [messages, user], uses: indexes)
        try await expect(RoomReadStatements.visibleOne.text, [room, user], uses: indexes)
        try await expect(RoomReadStatements.ofMessage.text, [message, user], uses: indexes + ["messages_pkey"])
    }

    @Test func `how far somebody has read is found by them and the room`() async throws {
        let (room, guest) = ("'50000000-0000-7000-8000-000000000007'", "'60000000-0000-7000-8000-000000000007'")
        for reader in [user, guest] {
            try await expect(RoomWriteStatements.setRead.text, [room, reader, "9"], uses: ["room_members_pkey"])
        }
        try await expect(MessageSendingStatements.setRead.text, [room, user, "9"], uses: ["room_members_of_user"])
    }

    @Test func `the rooms and groups of somebody are found by them`() async throws {
        let sql = RoomReadStatements.ofUser.sql
        let memberships = ["room_members_of_user", "group_members_user_id_idx"]
        try await expect(sql.fromStart, [user, "21"], uses: memberships)
        try await expect(sql.afterCursor, [user, "now()", last, "21"], uses: memberships)
        try await expect(RoomReadStatements.countOfUser.text, [user], uses: memberships)
        try await expect(GroupReadStatements.ofUser.sql.fromStart, [user, "21"], uses: ["group_members_user_id_idx"])
    }

    @Test func `people of rooms, readers and those who reacted are found by what they hang on`() async throws {
        let people = RoomPeopleStatements.list.sql
        let inOrder = ["group_members_in_order", "room_members_in_order"]
        try await expect(people.fromStart, [rooms, "51"], uses: inOrder)
        try await expect(people.afterCursor, [rooms, "now()", last, "51"], uses: inOrder)
        try await expect(RoomPeopleStatements.small.text, [rooms, "100"], uses: [])
        try await expect(RoomPeopleStatements.readers.sql.fromStart, [messages, "51"], uses: ["messages_pkey"])
        let reactors = ReactionStatements.reactors.sql
        try await expect(reactors.fromStart, [messages, "'{x,y}'", "11"], uses: ["message_reactions_pkey"])
        try await expect(reactors.afterCursor, [messages, "'{x,y}'", last, "11"], uses: ["message_reactions_pkey"])
    }

    @Test func `what somebody has not read is counted by their rooms`() async throws {
        try await expect(
            UnreadTotalsStatements.ofUser.text,
            [user],
            uses: ["room_members_of_user", "group_members_user_id_idx", "messages_thread"]
        )
    }

    @Test func `the directory of groups is read in its order, and searched by an index`() async throws {
        let sql = GroupDirectoryStatements.list.sql
        let inOrder = ["groups_listed", "group_members_user_id_idx"]
        for text in [sql.fromStart, sql.fromEnd] {
            try await expect(text, [user, "NULL", "NULL", "NULL", "21"], uses: inOrder)
            try await expect(text, [user, "NULL", "'{PUBLIC}'", "false", "21"], uses: ["groups_listed"])
            try await expect(text, [user, "NULL", "NULL", "true", "21"], uses: ["group_members_user_id_idx"])
        }
        for text in [sql.afterCursor, sql.beforeCursor] {
            try await expect(text, [user, "NULL", "NULL", "NULL", "'g7'", last, "21"], uses: inOrder)
        }
        try await expect(
            GroupDirectoryStatements.channel.text,
            ["'g7'", "'c7'", user],
            uses: ["groups_slug_key", "channels_group_id_name_key"]
        )
    }

    @Test func `what is rare among groups can be found without reading all of them`() async throws {
        // These are so few that reading them is as good.
        let plan = try #require(
            try TestCluster.execute(
                """
                PREPARE p (uuid, text, text[], boolean, bigint) AS \(GroupDirectoryStatements.list.sql.fromStart.sql);
                SET plan_cache_mode = force_custom_plan;
                SET enable_seqscan = off;
                EXPLAIN (FORMAT JSON) EXECUTE p(\(user), '%harbour%', NULL, NULL, 21);
                """,
                on: try await Self.database.value
            )
        )
        #expect(plan.contains("\"Index Name\": \"groups_searched\""), "\(plan)")
    }

    @Test func `the channels and people of groups are found by them`() async throws {
        try await expect(
            RoomReadStatements.channels.sql.fromStart,
            [groups, user, "51"],
            uses: ["channels_group_id_name_key"]
        )
        let members = GroupReadStatements.members.sql
        try await expect(members.fromStart, [groups, user, "51"], uses: ["group_members_in_order"])
        try await expect(members.afterCursor, [groups, user, "now()", last, "51"], uses: ["group_members_in_order"])
        try await expect(RoomReadStatements.members.text, [rooms, "100"], uses: ["users_pkey"])
    }

    @Test func `what belongs to conversations is found by them`() async throws {
        let own = ConversationReadStatements.ofUser.sql
        try await expect(own.fromStart, [user, "'{OPEN}'", "NULL", "21"], uses: ["room_members_of_user"])
        let conversations = "'{50000000-0000-7000-8000-000000000007,50000000-0000-7000-8000-000000000008}'"
        let sellers = "'{80000000-0000-7000-8000-000000000007,80000000-0000-7000-8000-000000000008}'"
        let lists = ConversationReadStatements.sellers.sql
        try await expect(lists.fromStart, [conversations, "21"], uses: ["sellers_in_order"])
        let products = SellerProductStatements.ofSellers.sql
        try await expect(products.fromStart, [sellers, "'{ACTIVE}'", "21"], uses: ["seller_products_in_order"])
        try await expect(
            SellerProductStatements.offers.text,
            ["'50000000-0000-7000-8000-000000000007'", "NULL", "50"],
            uses: ["seller_products_conversation_id_currency_price_minor_idx"]
        )
        try await expect(
            ConversationReadStatements.vendorsOf.text,
            [conversations],
            uses: ["vendors_conversation_id_key"]
        )
        try await expect(
            GuestLinkStatements.byToken.text,
            ["sha256('7')"],
            uses: ["guest_links_token_hash_key"]
        )
    }

    @Test func `what somebody keeps of messages is found by them`() async throws {
        let stars = StarStatements.list.sql
        try await expect(stars.fromStart, [user, "21"], uses: ["message_stars_in_order", "messages_pkey"])
        try await expect(stars.afterCursor, [user, "now()", last, "21"], uses: ["messages_pkey"])
        let mentions = MentionStatements.list.sql
        let inOrder = ["message_mentions_in_order", "messages_pkey"]
        try await expect(mentions.fromStart, [user, "21"], uses: inOrder)
        try await expect(mentions.afterCursor, [user, "now()", last, "21"], uses: inOrder)
        try await expect(MentionStatements.unread.text, [rooms, user], uses: ["message_mentions_pkey"])
        try await expect(MentionStatements.ofMessages.text, [messages], uses: ["message_mentions_of_message"])
        try await expect(DraftStatements.ofRooms.text, [rooms, user], uses: ["message_drafts_pkey"])
        // By either index.
        try await expect(RoomPreferenceStatements.ofRooms.text, [rooms, user], uses: [])
    }

    /// What PostgreSQL itself asks when a message, a thread or a room is deleted.
    @Test func `what refers to messages and rooms is found by them`() async throws {
        let (room, message) = (
            "30000000-0000-7000-8000-000000000007", "40000000-0000-7000-8000-000000000007"
        )
        for (sql, index) in [
            ("SELECT FROM messages WHERE room_id = '\(room)' AND reply_to_id = '\(message)'", "messages_replies"),
            ("SELECT FROM messages WHERE room_id = '\(room)' AND thread_root_id = '\(message)'", "messages_thread"),
            ("SELECT FROM message_stars WHERE message_id = '\(message)'", "message_stars_of_message"),
            (
                "SELECT FROM message_drafts WHERE room_id = '\(room)' AND reply_to_id = '\(message)'",
                "message_drafts_of_room"
            ),
            ("SELECT FROM message_drafts WHERE room_id = '\(room)'", "message_drafts_of_room"),
            ("SELECT FROM thread_states WHERE root_id = '\(message)'", "thread_states_of_root"),
            ("SELECT FROM room_members WHERE room_id = '\(room)'", "room_members_in_order"),
            ("SELECT FROM message_mentions WHERE message_id = '\(message)'", "message_mentions_of_message"),
        ] {
            let plan = try TestCluster.execute(
                "EXPLAIN (FORMAT JSON) \(sql) FOR KEY SHARE",
                on: try await Self.database.value
            )
            #expect(plan?.contains("\"Index Name\": \"\(index)\"") == true, "\(sql): \(plan ?? "")")
        }
    }

    @Test func `whether many see their rooms is a look into the index for each`() async throws {
        let users = "'{10000000-0000-7000-8000-000000000007,10000000-0000-7000-8000-000000000008}'"
        try await expect(
            RoomReadStatements.views.text,
            [rooms, users],
            uses: ["channels_pkey", "room_members_of_user"]
        )
    }

    @Test func `threads and pins are found by what they hang on`() async throws {
        try await expect(ThreadStatements.ofMessages.text, [messages], uses: ["messages_thread"])
        try await expect(ThreadStatements.replies.sql.fromStart, [messages, "51"], uses: ["messages_thread"])
        let followed = ThreadFollowingStatements.ofUser.sql
        let inOrder = ["thread_states_in_order", "messages_thread", "messages_pkey"]
        try await expect(followed.fromStart, [user, "false", "21"], uses: inOrder)
        try await expect(followed.afterCursor, [user, "true", "now()", last, "21"], uses: inOrder)
        let pair = [messages, "'{10000000-0000-7000-8000-000000000007,10000000-0000-7000-8000-000000000008}'"]
        try await expect(ThreadFollowingStatements.marks.text, pair, uses: ["thread_states_of_root"])
        try await expect(ThreadFollowingStatements.unread.text, pair, uses: ["messages_thread", "messages_pkey"])
        let room = "'30000000-0000-7000-8000-000000000007'"
        let root = "'40000000-0000-7000-8000-000000000100'"
        for (isInChannel, index) in [
            ("true", "room_preferences_of_all"), ("false", "room_members_room_id_user_id_idx"),
        ] {
            try await expect(
                MessageNoticeStatements.listeners.text,
                [room, root, isInChannel, "NULL", "500"],
                uses: ["thread_states_of_root", index]
            )
        }
        try await expect(PinStatements.ofRooms.text, [rooms, "50"], uses: ["messages_pinned"])
    }

    @Test func `threads that were read are looked at, and not counted`() async throws {
        let database = try await Self.database.value
        for (isUnreadOnly, isCounted) in [(true, false), (false, true)] {
            // What is changed for this is never committed.
            let plan = try #require(
                try TestCluster.execute(
                    """
                    BEGIN;
                    INSERT INTO group_members (group_id, user_id, role)
                    SELECT c.group_id, s.user_id, 'MEMBER' FROM thread_states s JOIN messages m ON m.id = s.root_id
                    JOIN channels c ON c.id = m.room_id WHERE s.user_id = \(user) ON CONFLICT DO NOTHING;
                    INSERT INTO room_members (room_id, user_id, last_read_seq)
                    SELECT m.room_id, s.user_id, 25 FROM thread_states s JOIN messages m ON m.id = s.root_id
                    WHERE s.user_id = \(user)
                    ON CONFLICT (room_id, user_id) WHERE user_id IS NOT NULL DO UPDATE SET last_read_seq = 25;
                    PREPARE p (uuid, boolean, bigint) AS \(ThreadFollowingStatements.ofUser.sql.fromStart.sql);
                    EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE p(\(user), \(isUnreadOnly), 21);
                    """,
                    on: database
                )
            )
            let counts = plan.split(separator: #""Node Type": ""#).filter { $0.hasPrefix("Aggregate") }
            #expect(counts.count == 1, "\(plan)")
            #expect(counts.allSatisfy { !$0.contains(#""Actual Loops": 0"#) } == isCounted, "\(plan)")
        }
    }

    @Test func `words are looked for in the rooms that are seen`() async throws {
        let sql = MessageSearchStatements.search.sql
        for text in [sql.fromStart, sql.afterCursor] {
            let place = text.sql == sql.fromStart.sql ? [] : ["now()", last]
            try await expect(text, [user, "'needle'", "NULL", "NULL", "NULL"] + place + ["21"], uses: [])
        }
    }

    @Test func `reports are found by their state, and by their group`() async throws {
        let (deciding, ranks) = ("ARRAY['OWNER']", "ARRAY['MEMBER', 'OWNER']")
        let list = ModerationReportStatements.list.sql
        try await expect(list.fromStart, ["'OPEN'", user, "21"], uses: ["moderation_reports_in_order"])
        try await expect(
            list.afterCursor,
            ["'OPEN'", user, "now()", last, "21"],
            uses: ["moderation_reports_in_order"]
        )
        try await expect(
            ModerationReportStatements.ofGroup.sql.fromStart,
            ["'20000000-0000-7000-8000-000000000001'", "'OPEN'", user, deciding, ranks, "21"],
            uses: ["moderation_reports_of_group"]
        )
        try await expect(
            ModerationReportStatements.visible.text,
            ["'{90000000-0000-7000-8000-000000000001}'", user, "false", deciding, ranks],
            uses: ["moderation_reports_pkey", "messages_pkey"]
        )
    }

    @Test func `bans and requests are found by their groups`() async throws {
        let roles = "ARRAY['OWNER', 'ADMIN']"
        try await expect(BanStatements.list.sql.fromStart, [groups, user, roles, "21"], uses: ["group_bans_in_order"])
        try await expect(
            JoinRequestStatements.list.sql.fromStart,
            [groups, user, "'PENDING'", roles, "21"],
            uses: ["group_join_requests_in_order"]
        )
    }
}
