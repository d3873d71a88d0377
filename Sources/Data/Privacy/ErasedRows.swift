internal import PostgresClient

/// What goes with an account, or loses its name, while it is still known who it was.
enum ErasedRowStatements {
    // Ways in.
    static let sessions = Command<UUID>("DELETE FROM auth_sessions WHERE user_id = $1")
    static let oneTimeTokens = Command<UUID>("DELETE FROM one_time_tokens WHERE user_id = $1")
    static let identities = Command<UUID>("DELETE FROM oauth_identities WHERE user_id = $1")
    static let oauthAttempts = Command<UUID>(
        """
        DELETE FROM oauth_attempts
        WHERE user_id = $1 OR email = (SELECT email FROM users WHERE id = $1)
        """
    )
    static let factors = Command<UUID>("DELETE FROM mfa_factors WHERE user_id = $1")
    static let idempotencyKeys = Command<UUID>(
        """
        DELETE FROM idempotency_keys WHERE principal = 'user:' || $1::text
            OR principal = ANY (ARRAY(SELECT 'api_key:' || id FROM api_keys WHERE user_id = $1))
        """
    )
    static let apiKeys = Command<UUID>("DELETE FROM api_keys WHERE user_id = $1")
    // What they have said of themselves, and want.
    static let profile = Command<UUID>("DELETE FROM user_profiles WHERE user_id = $1")
    static let roles = Command<UUID>("DELETE FROM user_roles WHERE user_id = $1")
    static let blocks = Command<UUID>("DELETE FROM user_blocks WHERE user_id = $1 OR blocked_id = $1")
    static let settings = Command<UUID>("DELETE FROM settings WHERE user_id = $1")
    static let presence = Command<UUID>("DELETE FROM presence WHERE user_id = $1")
    static let presenceLeases = Command<UUID>("DELETE FROM presence_leases WHERE user_id = $1")
    // What they were told, and what others were told of them.
    static let pushSubscriptions = Command<UUID>("DELETE FROM push_subscriptions WHERE user_id = $1")
    static let preferences = Command<UUID>("DELETE FROM notification_preferences WHERE user_id = $1")
    static let schedule = Command<UUID>("DELETE FROM notification_schedules WHERE user_id = $1")
    static let notifications = Command<UUID>("DELETE FROM notifications WHERE user_id = $1")
    // Titles that begin with a name are written anew: it may be one they had before, or stand in any other word.
    static let namesInNotifications = Command<UUID>(
        """
        UPDATE notifications SET actor_id = NULL, title = CASE type
            WHEN 'chat.mention' THEN 'Deleted user wrote of you'
            WHEN 'chat.reply' THEN 'Deleted user replied'
            WHEN 'chat.direct' THEN 'Deleted user wrote to you'
            WHEN 'chat.channel' THEN 'Deleted user wrote in a channel'
            WHEN 'call.missed' THEN 'Deleted user called you'
            WHEN 'team.invite' THEN 'Deleted user invites you to a team'
            ELSE title END
        WHERE actor_id = $1
        """
    )
    /// Those to them, and those to other addresses about their account.
    static let mails = Statement<UUID, UUID>(
        """
        DELETE FROM email_messages WHERE id = ANY (ARRAY(
            SELECT id FROM email_messages WHERE user_id = $1
            UNION SELECT m.id FROM users u JOIN email_messages m ON m.to_address = u.email WHERE u.id = $1
            UNION SELECT (payload ->> 'message')::uuid FROM jobs
                WHERE name = 'mail.send' AND payload -> 'values' ->> 'user' = $1::text))
        RETURNING id
        """
    )
    static let mailJobs = Command<UUID, [UUID]>(
        """
        DELETE FROM jobs WHERE name = 'mail.send' AND status <> 'RUNNING'
            AND (payload -> 'values' ->> 'user' = $1::text OR payload ->> 'message' = ANY ($2::text[]))
        """
    )
    static let suppression = Command<UUID>(
        "DELETE FROM email_suppressions s USING users u WHERE u.id = $1 AND s.address = u.email"
    )
    static let ownedJobs = Command<UUID>("UPDATE jobs SET owner_id = NULL, message = NULL WHERE owner_id = $1")
    // Where they belonged.
    static let invitations = Command<UUID>(
        "DELETE FROM team_invites i USING users u WHERE u.id = $1 AND i.email = u.email"
    )
    static let teams = Command<UUID>(
        "DELETE FROM team_members m USING teams t WHERE m.user_id = $1 AND t.id = m.team_id AND t.owner_id <> $1"
    )
    static let groups = Command<UUID>("DELETE FROM group_members WHERE user_id = $1")
    static let joinRequests = Command<UUID>("DELETE FROM group_join_requests WHERE user_id = $1")
    static let bans = Command<UUID>("DELETE FROM group_bans WHERE user_id = $1")
    static let timeouts = Command<UUID>("DELETE FROM room_timeouts WHERE user_id = $1")
    // A direct room stays that of two for whoever is left.
    static let rooms = Command<UUID>(
        "DELETE FROM room_members m USING rooms r WHERE m.user_id = $1 AND r.id = m.room_id AND r.kind <> 'DIRECT'"
    )
    // What they did with messages.
    static let reactions = Command<UUID>("DELETE FROM message_reactions WHERE user_id = $1")
    static let stars = Command<UUID>("DELETE FROM message_stars WHERE user_id = $1")
    static let mentions = Command<UUID>("DELETE FROM message_mentions WHERE user_id = $1")
    static let roomPreferences = Command<UUID>("DELETE FROM room_preferences WHERE user_id = $1")
    static let drafts = Command<UUID>("DELETE FROM message_drafts WHERE user_id = $1")
    static let threads = Command<UUID>("DELETE FROM thread_states WHERE user_id = $1")
    static let scheduled = Command<UUID>("DELETE FROM scheduled_messages WHERE author_id = $1")
    /// Why they have asked to be erased, also when they thought better of it.
    static let requestNotes = Command<UUID>("UPDATE privacy_requests SET note = NULL WHERE user_id = $1")
    static let reportNotes = Command<UUID>("UPDATE moderation_reports SET note = NULL WHERE reporter_id = $1")
    static let reportAuthors = Command<UUID>("UPDATE moderation_reports SET author_id = NULL WHERE author_id = $1")
    // As whom they took part in conversations of others.
    static let vendors = Command<UUID>(
        """
        UPDATE vendors SET user_id = NULL, name = 'Deleted user', company_name = NULL, email = NULL, phone = NULL,
            website = NULL, tax_id = NULL, address = NULL, updated_at = now()
        WHERE user_id = $1
        """
    )
    static let sellers = Command<UUID>(
        """
        UPDATE sellers SET user_id = NULL, name = 'Deleted user ' || right(id::text, 12), email = NULL, phone = NULL,
            updated_at = now()
        WHERE user_id = $1
        """
    )
    // Files: pictures of teams and groups stay, all else goes with the next sweep.
    static let attachments = Command<UUID>(
        "DELETE FROM message_attachments WHERE file_id IN (SELECT id FROM files WHERE owner_id = $1)"
    )
    static let sharedPictures = Command<UUID>(
        """
        UPDATE files f SET owner_id = NULL, filename = 'file' WHERE owner_id = $1 AND (
            EXISTS (SELECT FROM teams t WHERE t.avatar_file_id = f.id)
            OR EXISTS (SELECT FROM groups g WHERE g.avatar_file_id = f.id))
        """
    )
    static let files = Command<UUID>(
        """
        UPDATE files SET owner_id = NULL, filename = 'file', status = 'DELETED', rejection = NULL, deleted_at = now(),
            updated_at = now()
        WHERE owner_id = $1
        """
    )
    static let storage = Command<UUID>("DELETE FROM storage_usage WHERE principal = 'user:' || $1::text")
    // What happened to them, as far as it is told live.
    static let events = Command<UUID>("DELETE FROM events WHERE topic = 'user:' || $1::text")
    static let topic = Command<UUID>("DELETE FROM event_topics WHERE name = 'user:' || $1::text")

    /// Some look at what those behind them remove.
    static let inOrder: [Command<UUID>] = [
        sessions, oneTimeTokens, identities, oauthAttempts, factors, idempotencyKeys, apiKeys, profile, roles,
        blocks, settings, presence, presenceLeases, pushSubscriptions, preferences, schedule, notifications,
        namesInNotifications, suppression, ownedJobs, invitations, teams, groups, joinRequests, bans, timeouts, rooms,
        reactions, stars, mentions, drafts, roomPreferences, threads, scheduled, requestNotes, reportNotes,
        reportAuthors, vendors, sellers, attachments, sharedPictures, files, storage, events, topic,
    ]
    static var all: [any CheckableStatement] { inOrder + [mails, mailJobs] }
}
