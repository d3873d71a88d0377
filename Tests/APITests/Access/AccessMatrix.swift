import Actions

/// Who may select a root field. Every one has a row here: a new one without fails the tests, for somebody to think about it.
enum Access: Equatable {
    /// Anyone.
    case open
    /// Whoever is signed in; what they see or change is their own, or theirs to see, which tests of its module hold.
    case signedIn
    /// Only with a proof of ten minutes at most.
    case recent
    /// Only these platform roles; for changes with such a proof.
    case roles([String])
    /// Members of a team with this permission; `text` does it to `$team`.
    case team(TeamPermission, text: String)
    /// Members of a group with this permission; `text` is done to what a `GroupStage` has, and succeeds there. For some with
    /// a proof as above.
    case group(GroupPermission, isRecent: Bool = false, text: String)
}

enum AccessMatrix {
    static let platformRoles = ["STUDENT", "TUTOR", "RECRUITER", "MODERATOR", "SUPPORT", "ADMIN", "SUPER_ADMIN"]

    static let rows: [String: Access] = queries.merging(mutations) { $1 }.merging(subscriptions) { $1 }

    private static let queries: [String: Access] = [
        "Query.applicationSettings": .open,
        "Query.auditLogs": .team(.auditRead, text: "query ($team: ID!) { auditLogs(teamId: $team) { nodes { id } } }"),
        "Query.auditReport": .team(
            .auditRead,
            text: """
                query ($team: ID!) {
                    auditReport(teamId: $team, since: "2026-01-01T00:00:00Z", until: "2026-02-01T00:00:00Z") { total }
                }
                """
        ),
        "Query.broadcasts": .roles(["ADMIN", "SUPER_ADMIN"]),
        "Query.call": .signedIn,
        "Query.conversation": .signedIn,
        "Query.conversationOffers": .signedIn,
        "Query.file": .signedIn,
        "Query.channel": .signedIn,
        "Query.channelByName": .signedIn,
        "Query.group": .signedIn,
        "Query.groups": .signedIn,
        "Query.health": .open,
        "Query.job": .signedIn,
        "Query.moderationReports": .roles(["MODERATOR", "ADMIN", "SUPER_ADMIN"]),
        "Query.node": .signedIn,
        "Query.nodes": .signedIn,
        "Query.notificationStats": .roles(["ADMIN", "SUPER_ADMIN"]),
        "Query.messageSearch": .signedIn,
        "Query.oauthProviders": .open,
        "Query.operationMetrics": .roles(["SUPPORT", "ADMIN", "SUPER_ADMIN"]),
        "Query.pushPublicKey": .open,
        "Query.rateLimit": .open,
        "Query.room": .signedIn,
        "Query.serverInfo": .open,
        "Query.settingDefinitions": .open,
        "Query.slowQueries": .roles(["SUPPORT", "ADMIN", "SUPER_ADMIN"]),
        "Query.systemMetrics": .roles(["SUPPORT", "ADMIN", "SUPER_ADMIN"]),
        "Query.team": .team(.read, text: "query ($team: ID!) { team(id: $team) { id } }"),
        "Query.teamBySlug": .signedIn,
        "Query.teamInviteByToken": .open,
        "Query.uploadRules": .open,
        "Query.user": .signedIn,
        "Query.userByUsername": .signedIn,
        "Query.usernameAvailable": .open,
        "Query.users": .roles(["SUPPORT", "ADMIN", "SUPER_ADMIN"]),
        "Query.viewer": .open,
    ]

    private static let subscriptions: [String: Access] = [
        "Subscription.auditStream": .signedIn,
        "Subscription.callEvents": .signedIn,
        "Subscription.callSignals": .signedIn,
        "Subscription.heartbeat": .open,
        "Subscription.jobProgress": .signedIn,
        "Subscription.messageAdded": .signedIn,
        "Subscription.groupEvents": .signedIn,
        "Subscription.presenceChanged": .signedIn,
        "Subscription.teamEvents": .signedIn,
        "Subscription.typing": .signedIn,
        "Subscription.viewerEvents": .signedIn,
        "Subscription.notificationReceived": .signedIn,
        "Subscription.roomEvents": .signedIn,
    ]

    private static let mutations: [String: Access] = [
        "Mutation.accountDeactivate": .recent,
        "Mutation.accountRegister": .open,
        "Mutation.adminUserCreate": .roles(["ADMIN", "SUPER_ADMIN"]),
        "Mutation.accountDelete": .recent,
        "Mutation.accountDeleteCancel": .signedIn,
        "Mutation.adminUserDelete": .roles(["ADMIN", "SUPER_ADMIN"]),
        "Mutation.adminUserReinstate": .roles(["ADMIN", "SUPER_ADMIN"]),
        "Mutation.adminUserRolesSet": .roles(["ADMIN", "SUPER_ADMIN"]),
        "Mutation.adminUserPasswordReset": .roles(["ADMIN", "SUPER_ADMIN"]),
        "Mutation.adminUserSignOut": .roles(["ADMIN", "SUPER_ADMIN"]),
        "Mutation.adminUserSuspend": .roles(["ADMIN", "SUPER_ADMIN"]),
        "Mutation.adminUserUpdate": .roles(["ADMIN", "SUPER_ADMIN"]),
        "Mutation.apiKeyCreate": .recent,
        "Mutation.apiKeyRevoke": .signedIn,
        "Mutation.apiKeyRotate": .recent,
        "Mutation.applicationSettingsUpdate": .roles(["SUPER_ADMIN"]),
        "Mutation.auditLogExport": .team(
            .auditRead,
            text: "mutation ($team: ID!) { r: auditLogExport(teamId: $team) { userErrors { code } } }"
        ),
        "Mutation.authSessionRevoke": .signedIn,
        "Mutation.broadcastCancel": .roles(["ADMIN", "SUPER_ADMIN"]),
        "Mutation.broadcastCreate": .roles(["ADMIN", "SUPER_ADMIN"]),
        "Mutation.callAnswer": .signedIn,
        "Mutation.callDecline": .signedIn,
        "Mutation.callHangup": .signedIn,
        "Mutation.callMediaUpdate": .signedIn,
        "Mutation.callSignal": .signedIn,
        "Mutation.callStart": .signedIn,
        "Mutation.channelCreate": .group(
            .channelManage,
            text: "channelCreate(input: {groupId: $group, name: \"new\"})"
        ),
        "Mutation.channelDelete": .group(.channelManage, isRecent: true, text: "channelDelete(id: $room)"),
        "Mutation.channelMemberRemove": .group(
            .channelManage,
            text: "channelMemberRemove(channelId: $room, userId: $target)"
        ),
        "Mutation.channelMembersAdd": .group(
            .channelManage,
            text: "channelMembersAdd(channelId: $room, userIds: [$target])"
        ),
        "Mutation.channelArchive": .group(.channelManage, text: "channelArchive(id: $room)"),
        "Mutation.channelUpdate": .group(.channelManage, text: "channelUpdate(input: {id: $room, topic: \"new\"})"),
        "Mutation.draftSave": .signedIn,
        "Mutation.conversationCreate": .signedIn,
        "Mutation.conversationDelete": .signedIn,
        "Mutation.conversationGuestInvite": .signedIn,
        "Mutation.conversationGuestRevoke": .signedIn,
        "Mutation.conversationRename": .signedIn,
        "Mutation.conversationStatusSet": .signedIn,
        "Mutation.directRoomOpen": .signedIn,
        "Mutation.fileDelete": .signedIn,
        "Mutation.fileRename": .signedIn,
        "Mutation.fileUpload": .signedIn,
        "Mutation.fileUploadComplete": .signedIn,
        "Mutation.fileUploadStart": .signedIn,
        "Mutation.emailChange": .recent,
        "Mutation.emailChangeConfirm": .open,
        "Mutation.emailChangeUndo": .open,
        "Mutation.emailVerificationSend": .signedIn,
        "Mutation.emailVerify": .open,
        "Mutation.groupCreate": .signedIn,
        "Mutation.groupDelete": .group(.delete, isRecent: true, text: "groupDelete(id: $group)"),
        "Mutation.groupJoin": .signedIn,
        "Mutation.groupLeave": .signedIn,
        "Mutation.messageReport": .signedIn,
        "Mutation.moderationReportResolve": .signedIn,
        "Mutation.roomMarkUnread": .signedIn,
        "Mutation.roomPreferencesUpdate": .signedIn,
        "Mutation.groupMemberRemove": .group(
            .memberManage,
            text: "groupMemberRemove(groupId: $group, userId: $target)"
        ),
        "Mutation.groupMemberRoleUpdate": .group(
            .memberManage,
            text: "groupMemberRoleUpdate(groupId: $group, userId: $target, role: MODERATOR)"
        ),
        "Mutation.groupMembersAdd": .group(.memberManage, text: "groupMembersAdd(groupId: $group, userIds: [$asker])"),
        "Mutation.groupBan": .group(.moderate, text: "groupBan(groupId: $group, userId: $target, reason: \"spam\")"),
        "Mutation.groupJoinRequestDecide": .group(
            .memberManage,
            text: "groupJoinRequestDecide(requestId: $request, approve: true)"
        ),
        "Mutation.groupUnban": .group(.moderate, text: "groupUnban(groupId: $group, userId: $banned)"),
        "Mutation.groupUpdate": .group(.update, text: "groupUpdate(input: {id: $group, description: \"new\"})"),
        "Mutation.messageDelete": .signedIn,
        "Mutation.messageEdit": .signedIn,
        "Mutation.messageSend": .signedIn,
        "Mutation.messagePin": .group(.roomPin, text: "messagePin(id: $message)"),
        "Mutation.messageSchedule": .signedIn,
        "Mutation.scheduledMessageCancel": .signedIn,
        "Mutation.messageStar": .signedIn,
        "Mutation.presenceSet": .signedIn,
        "Mutation.roomMemberTimeout": .group(
            .roomModerate,
            text: "roomMemberTimeout(roomId: $room, userId: $target, until: \"2100-01-01T00:00:00Z\")"
        ),
        "Mutation.threadFollow": .signedIn,
        "Mutation.typingSet": .signedIn,
        "Mutation.mfaConfirm": .signedIn,
        "Mutation.mfaDisable": .recent,
        "Mutation.mfaEnroll": .recent,
        "Mutation.mfaRecoveryCodesRenew": .recent,
        "Mutation.mfaVerify": .open,
        "Mutation.notificationArchive": .signedIn,
        "Mutation.notificationCreate": .roles(["ADMIN", "SUPER_ADMIN"]),
        "Mutation.notificationDelete": .signedIn,
        "Mutation.notificationMarkRead": .signedIn,
        "Mutation.notificationPreferencesUpdate": .signedIn,
        "Mutation.notificationSnooze": .signedIn,
        "Mutation.notificationsMarkAllRead": .signedIn,
        "Mutation.notificationsMarkSeen": .signedIn,
        "Mutation.oauthComplete": .open,
        "Mutation.oauthStart": .open,
        "Mutation.oauthUnlink": .recent,
        "Mutation.passwordChange": .signedIn,
        "Mutation.passwordReset": .open,
        "Mutation.passwordResetRequest": .open,
        "Mutation.ping": .open,
        "Mutation.profileUpdate": .signedIn,
        "Mutation.pushSubscribe": .signedIn,
        "Mutation.pushUnsubscribe": .signedIn,
        "Mutation.reactionAdd": .signedIn,
        "Mutation.reactionRemove": .signedIn,
        "Mutation.reauthenticate": .signedIn,
        "Mutation.roomMarkRead": .signedIn,
        "Mutation.sellerAdd": .signedIn,
        "Mutation.sellerProductCreate": .signedIn,
        "Mutation.sellerProductDelete": .signedIn,
        "Mutation.sellerProductUpdate": .signedIn,
        "Mutation.sellerRemove": .signedIn,
        "Mutation.sellerUpdate": .signedIn,
        "Mutation.sessionRefresh": .open,
        "Mutation.settingsUpdate": .signedIn,
        "Mutation.signIn": .open,
        "Mutation.signOut": .signedIn,
        "Mutation.signOutEverywhere": .signedIn,
        "Mutation.teamCreate": .signedIn,
        // What else these need is the matrix of TeamPermissionTests.
        "Mutation.teamDelete": .recent,
        "Mutation.teamInviteAccept": .signedIn,
        "Mutation.teamInviteCreate": .team(
            .invite,
            text: """
                mutation ($team: ID!) { r: teamInviteCreate(input: {teamId: $team, email: "a@example.org", role: GUEST}) {
                    userErrors { code } } }
                """
        ),
        "Mutation.teamInviteDecline": .signedIn,
        "Mutation.teamInviteResend": .signedIn,
        "Mutation.teamInviteRevoke": .signedIn,
        "Mutation.teamLeave": .signedIn,
        "Mutation.teamMemberAdd": .team(
            .memberManage,
            text: """
                mutation ($team: ID!) { r: teamMemberAdd(teamId: $team, userId: "usr_00000000000000000000000000") {
                    userErrors { code } } }
                """
        ),
        "Mutation.teamMemberRemove": .signedIn,
        "Mutation.teamMemberRoleUpdate": .signedIn,
        "Mutation.teamOwnershipTransfer": .recent,
        "Mutation.teamRestore": .signedIn,
        "Mutation.teamSettingsUpdate": .team(
            .update,
            text: """
                mutation ($team: ID!) { r: teamSettingsUpdate(teamId: $team, settings: [{key: "invites.days", value: "3"}]) {
                    userErrors { code } } }
                """
        ),
        "Mutation.teamUpdate": .team(
            .update,
            text: """
                mutation ($team: ID!) { r: teamUpdate(input: {id: $team, description: "x"}) { userErrors { code } } }
                """
        ),
        "Mutation.userBlock": .signedIn,
        "Mutation.userUnblock": .signedIn,
        "Mutation.vendorRegister": .signedIn,
        "Mutation.vendorRemove": .signedIn,
        "Mutation.vendorUpdate": .signedIn,
    ]

    /// How an object of each type is found that is not everybody's to see: SQL for the UUID of one of ida's. Made in the order
    /// of the names.
    static let nodes: [String: (prefix: String, sql: String)] = [
        "ApiKey": ("key", "SELECT id FROM api_keys LIMIT 1"),
        "AuditLogEntry": ("aud", "SELECT id FROM audit_logs WHERE action = 'team.create' LIMIT 1"),
        "AuthSession": ("ses", "SELECT id FROM auth_sessions s WHERE user_id = (\(ida)) LIMIT 1"),
        "Broadcast": (
            "brc",
            """
            INSERT INTO broadcasts (title, body, channels, audience)
            VALUES ('x', 'x', '{IN_APP}', '{"everyone": true, "roles": []}') RETURNING id
            """
        ),
        "Call": (
            "call",
            """
            INSERT INTO calls (room_id, kind, caller_id)
            SELECT id, 'AUDIO', (\(ida)) FROM rooms WHERE kind = 'DIRECT' LIMIT 1 RETURNING id
            """
        ),
        "Channel": ("room", "SELECT id FROM channels LIMIT 1"),
        "Conversation": ("room", "SELECT id FROM conversations LIMIT 1"),
        "DirectRoom": ("room", "SELECT id FROM rooms WHERE kind = 'DIRECT' LIMIT 1"),
        "File": (
            "file",
            """
            INSERT INTO files (owner_id, purpose, filename, content_type, byte_size, storage_key, status)
            VALUES ((\(ida)), 'ATTACHMENT', 'a.txt', 'text/plain', 1, 'attachment/00/0123456789abcdef0123456789abcdef0123', 'READY')
            RETURNING id
            """
        ),
        "Group": ("grp", "SELECT id FROM groups LIMIT 1"),
        "GroupJoinRequest": (
            "gjr",
            "INSERT INTO group_join_requests (group_id, user_id) SELECT id, (\(ida)) FROM groups LIMIT 1 RETURNING id"
        ),
        "GuestLink": (
            "guest",
            """
            WITH g AS (INSERT INTO guests (name) VALUES ('g') RETURNING id)
            INSERT INTO guest_links (id, conversation_id, guest_id, token_hash, expires_at)
            SELECT gen_random_uuid(), c.id, g.id, '\\x01', now() + interval '1 day' FROM conversations c, g RETURNING id
            """
        ),
        "Job": ("job", "INSERT INTO jobs (name, owner_id) VALUES ('x', (\(ida))) RETURNING id"),
        "Message": ("msg", "SELECT id FROM messages LIMIT 1"),
        "ModerationReport": (
            "rep",
            """
            INSERT INTO moderation_reports (message_id, reporter_id, reason)
            SELECT id, (\(ida)), 'SPAM' FROM messages LIMIT 1 RETURNING id
            """
        ),
        "MfaFactor": (
            "mfa",
            "INSERT INTO mfa_factors (user_id, kind, name, secret_enc) VALUES ((\(ida)), 'TOTP', 'x', '\\x01') RETURNING id"
        ),
        "Notification": (
            "ntf",
            """
            INSERT INTO notifications (user_id, category, type, title) VALUES ((\(ida)), 'SECURITY', 'x', 'x') RETURNING id
            """
        ),
        "PrivacyRequest": (
            "prq",
            """
            INSERT INTO privacy_requests (id, kind, user_id, requested_by, scheduled_for)
            SELECT gen_random_uuid(), 'ERASURE', id, id, now() + interval '1 day' FROM users WHERE username = 'ida' RETURNING id
            """
        ),
        "PushSubscription": (
            "push",
            """
            INSERT INTO push_subscriptions (user_id, session_id, provider, endpoint, keys_enc)
            SELECT user_id, id, 'WEB_PUSH', 'https://push.example/1', '\\x0101' FROM auth_sessions
            WHERE user_id = (\(ida)) LIMIT 1 RETURNING id
            """
        ),
        "ScheduledMessage": (
            "later",
            """
            INSERT INTO scheduled_messages (room_id, author_id, input, send_at)
            SELECT id, (\(ida)), '{"body": "x"}', now() + interval '1 day' FROM rooms LIMIT 1 RETURNING id
            """
        ),
        "Seller": (
            "slr", "INSERT INTO sellers (conversation_id, name) SELECT id, 's' FROM conversations RETURNING id"
        ),
        "SellerProduct": (
            "offer",
            """
            INSERT INTO seller_products (seller_id, conversation_id, sku, name, price_minor, currency)
            SELECT id, conversation_id, 'a', 'a', 1, 'EUR' FROM sellers RETURNING id
            """
        ),
        "Team": ("team", "SELECT id FROM teams LIMIT 1"),
        "TeamInvite": ("tinv", "SELECT id FROM team_invites LIMIT 1"),
        "TeamMember": ("tmem", "SELECT id FROM team_members LIMIT 1"),
        "Vendor": ("vnd", "INSERT INTO vendors (conversation_id, name) SELECT id, 'v' FROM conversations RETURNING id"),
    ]

    /// People are there for everybody who is signed in.
    static let seenByAll: Set<String> = ["User"]

    private static let ida = "SELECT id FROM users WHERE username = 'ida'"
}
