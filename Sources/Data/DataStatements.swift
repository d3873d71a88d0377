package import PostgresClient

/// Every statement of this target, by module: a test holds each against the migrated schema.
package enum DataStatements {
    package static var all: [any CheckableStatement] {
        platform + audit + identity + teams + files + notifications + chat + conversations
    }

    private static var platform: [any CheckableStatement] {
        [DatabaseStatements.facts] + HealthStatements.all + EventStatements.all + EventPartitionStatements.all
            + JobStatements.all
            + JobReadStatements.all + DeadJobStatements.all + JobWithdrawalStatements.all
            + JobScheduleStatements.all + HousekeepingStatements.all + IdempotencyStatements.all
    }

    private static var audit: [any CheckableStatement] {
        AuditWriteStatements.all + AuditReadStatements.all + AuditSealStatements.all + AuditReportStatements.all
            + AuditTailStatements.all
    }

    private static var identity: [any CheckableStatement] {
        UserReadStatements.all + UserWriteStatements.all + UserListStatements.all + UserAdministrationStatements.all
            + AuthSessionReadStatements.all + AuthSessionWriteStatements.all + SignInLockStatements.all
            + SignInFactStatements.all + RateBucketStatements.all + SecurityLogStatements.all + ProfileStatements.all
            + TimeZoneStatements.all
            + APIKeyStatements.all + MFAStatements.all
            + EncryptionStatements.all
            + OneTimeTokenStatements.all + AccountRecoveryStatements.all + MailStatements.all
            + OAuthAttemptStatements.all + OAuthIdentityStatements.all + PrivacyRequestStatements.all
            + AccountErasureStatements.all + ErasedRowStatements.all
    }

    private static var teams: [any CheckableStatement] {
        SettingStatements.all + TeamWriteStatements.all + TeamScopeStatements.all + TeamMemberStatements.all
            + TeamInviteStatements.all
    }

    private static var files: [any CheckableStatement] {
        FileReadStatements.all + AvatarStatements.all + FileWriteStatements.all + StorageUsageStatements.all
    }

    private static var notifications: [any CheckableStatement] {
        NotificationReadStatements.all + NotificationWriteStatements.all + NotificationPreferenceStatements.all
            + BroadcastStatements.all + NotificationDeliveryStatements.all + PushSubscriptionStatements.all
            + NotificationDigestStatements.all + RoomNotificationStatements.all
            + NotificationStatsStatements.all
    }

    private static var conversations: [any CheckableStatement] {
        ConversationReadStatements.all + ConversationWriteStatements.all + SellerProductStatements.all
            + GuestLinkStatements.all + CallReadStatements.all + CallWriteStatements.all
    }

    private static var chat: [any CheckableStatement] {
        RoomReadStatements.all + RoomWriteStatements.all + GroupReadStatements.all + GroupWriteStatements.all
            + GroupDirectoryStatements.all
            + MessageReadStatements.all + MessageWriteStatements.all + ReactionStatements.all
            + PresenceStatements.all + AttachmentStatements.all + MentionStatements.all + ThreadStatements.all
            + PinStatements.all + StarStatements.all + DraftStatements.all + RoomPreferenceStatements.all
            + ModerationReportStatements.all + RoomPeopleStatements.all + UnreadTotalsStatements.all
            + MessageSearchStatements.all
            + BanStatements.all + JoinRequestStatements.all + RoomChangeStatements.all
            + MessageSendingStatements.all + ThreadFollowingStatements.all + MessageNoticeStatements.all
            + RoomDeletionStatements.all + BlockStatements.all + ScheduledMessageStatements.all
    }
}
