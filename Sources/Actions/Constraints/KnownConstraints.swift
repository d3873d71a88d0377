/// The constraints of the schema by their names: what they say to whoever breaks them. A test holds the lists against the
/// migrated schema: each unique index, exclusion, bound and error code of it stands in one of them.
package enum KnownConstraints {
    package typealias Told = (code: ConstraintViolation.Code, message: String)

    /// What somebody can break by what they ask for, be it that two ask at once.
    package static let told: [String: Told] = {
        var told: [String: Told] = [:]
        for (name, code, message) in identity + teams + chat + conversations + files + platform {
            told[name] = (code, message)
        }
        return told
    }()

    private typealias Row = (String, ConstraintViolation.Code, String)

    private static let identity: [Row] = [
        ("users_email_key", .emailTaken, "Somebody has this address."),
        ("users_username_key", .usernameTaken, "Somebody has this name."),
        ("users_username_check", .invalidInput, "This is no user name."),
        ("users_name_check", .invalidInput, "A name has from 1 to 80 characters."),
        ("user_profiles_phone_index_key", .alreadyExists, "Somebody has this number."),
        ("user_profiles_links_check", .invalidInput, "There are at most ten links."),
        ("oauth_identities_user_id_provider_key", .alreadyExists, "An account of this provider is linked already."),
        ("user_blocks_check", .invalidInput, "Nobody blocks themselves."),
        ("api_keys_scopes_check", .invalidInput, "A key has at least one scope."),
        ("one_open_privacy_request", .alreadyExists, "It is asked for already."),
        ("privacy_requests_note_check", .invalidInput, "A note has at most 500 characters."),
    ]
    private static let teams: [Row] = [
        ("teams_slug", .nameTaken, "Another team has this slug."),
        ("teams_name_check", .invalidInput, "A name has from 2 to 80 characters."),
        ("team_roles_team_id_name_key", .nameTaken, "Another role of the team has this name."),
        ("team_members_team_id_user_id_key", .alreadyMember, "They belong to the team already."),
        ("team_one_owner", .lastOwner, "A team has one owner."),
        ("one_pending_invite", .alreadyExists, "They are invited already."),
    ]
    private static let chat: [Row] = [
        ("groups_slug_key", .nameTaken, "Another group has this slug."),
        ("groups_team_id_name_key", .nameTaken, "Another group has this name."),
        ("group_members_group_id_user_id_key", .alreadyMember, "They belong to the group already."),
        ("group_one_owner", .lastOwner, "A group has one owner."),
        ("one_pending_join", .alreadyExists, "They have asked already."),
        ("group_bans_group_id_user_id_key", .alreadyExists, "They are banned already."),
        ("rooms_direct_key_key", .alreadyExists, "They have a room already."),
        ("channels_group_id_name_key", .nameTaken, "Another channel of the group has this name."),
        ("channels_slow_mode_seconds_check", .invalidInput, "Slow mode is from 0 to 21,600 seconds."),
        ("room_members_room_id_user_id_idx", .alreadyMember, "They are in the room already."),
        ("room_members_room_id_guest_id_idx", .alreadyMember, "They are in the room already."),
        ("messages_nonce", .alreadyExists, "The message was sent already."),
        ("messages_guest_nonce", .alreadyExists, "The message was sent already."),
        ("messages_nonce_check", .invalidInput, "A nonce has from 8 to 64 characters."),
        ("messages_body_check", .invalidInput, "A message has at most 20,000 characters."),
        ("message_drafts_body_check", .invalidInput, "A draft has from 1 to 20,000 characters."),
        ("moderation_reports_message_id_reporter_id_key", .alreadyExists, "They have reported it already."),
        ("one_live_call_per_room", .alreadyExists, "There is a call in the room already."),
        ("one_joined_call_per_user", .alreadyMember, "They are in a call already."),
        ("calls_check3", .invalidInput, "Nobody calls themselves."),
        ("call_signals_payload_bytes", .invalidInput, "A signal has at most 65,536 bytes."),
        ("call_signals_payload_check", .invalidInput, "A signal has at most 65,536 characters."),
    ]
    private static let conversations: [Row] = [
        ("vendors_conversation_id_key", .alreadyExists, "The conversation has a vendor already."),
        ("sellers_conversation_id_email_key", .alreadyExists, "Another seller has this address."),
        ("sellers_conversation_id_name_key", .nameTaken, "Another seller has this name."),
        ("sellers_conversation_id_user_id_key", .alreadyMember, "They are a seller of the conversation already."),
        ("one_live_link_per_guest", .alreadyExists, "They have a link already."),
        ("sellers_rating_check", .invalidInput, "A rating is from 0 to 5."),
        ("seller_products_seller_id_sku_key", .alreadyExists, "Another product of the seller has this number."),
        ("seller_products_available_quantity_check", .invalidInput, "A quantity is not below 0."),
        ("seller_products_currency_check", .invalidInput, "A currency has three capital letters."),
        ("seller_products_lead_time_days_check", .invalidInput, "A lead time is from 0 to 365 days."),
        ("seller_products_min_order_quantity_check", .invalidInput, "An order is of at least one."),
        ("seller_products_price_minor_check", .invalidInput, "A price is not below 0."),
    ]
    private static let files: [Row] = [
        ("files_filename_check", .invalidInput, "This is no name of a file."),
        ("files_byte_size_check", .invalidInput, "A file has no fewer than 0 bytes."),
        ("storage_usage_check", .quotaExceeded, "There is no room for more."),
    ]
    private static let platform: [Row] = [
        ("idempotency_keys_key_check", .invalidInput, "A key has from 8 to 255 characters."),
        ("notification_preferences_check", .invalidInput, "Notices of security cannot be switched off."),
        ("push_subscriptions_endpoint_key", .alreadyExists, "The device is known already."),
        ("push_subscriptions_endpoint_check", .invalidInput, "An endpoint has at most 2,000 characters."),
        ("push_subscriptions_device_name_check", .invalidInput, "The name of a device has at most 80 characters."),
        ("email_templates_key_locale_key", .alreadyExists, "There is a template of this name and language."),
    ]

    /// What the triggers of the schema refuse, by the state they raise.
    package static let codes: [String: Told] = [
        "CX001": (.invalidTransition, "It cannot go from its state to this one."),
        "CX002": (.lastOwner, "The last super administrator stays."),
        "CX003": (.lastOwner, "The team would have no owner."),
        "CX004": (.roomArchived, "The room takes no messages any more."),
    ]

    /// What nobody breaks but a mistake of the program's: it is a fault, and told as one.
    package static let untold: Set<String> = [
        "api_keys_key_hash_key", "api_keys_prefix_key", "audit_seal_horizon_is_only_check", "audit_seals_seal_key",
        "auth_sessions_check",
        "auth_sessions_check1", "calls_check", "calls_check1", "calls_check2", "channels_kind_check",
        "conversations_kind_check", "conversations_uuid_key", "email_messages_dedupe_key_key", "event_topics_check",
        "files_check", "files_ref_count_check", "files_storage_key_check", "files_storage_key_key",
        "guest_links_check", "guest_links_token_hash_key",
        "idempotency_keys_check", "jobs_check", "jobs_max_attempts_check", "jobs_progress_check", "jobs_unique_live",
        "mfa_factor_has_its_secret", "mfa_recovery_codes",
        "message_revisions_message_id_revision_key", "messages_room_id_id_key", "messages_room_id_seq_key",
        "notification_deliveries_notification_id_channel_key", "notifications_event_count_check",
        "oauth_attempts_check", "oauth_attempts_check1", "oauth_attempts_check2", "oauth_attempts_code_hash_key",
        "oauth_attempts_return_hash_key", "oauth_attempts_ticket_hash_key", "one_time_tokens_mail_id_key",
        "notifications_group", "notifications_user_id_dedupe_key_key", "one_live_refresh_token",
        "privacy_request_ends", "privacy_requests_kind_check", "refresh_tokens_session_id_generation_key",
        "moderation_report_ends", "room_members_check",
        "room_members_last_read_seq_check", "rooms_check", "rooms_id_kind_key", "sellers_id_conversation_id_key",
        "settings_key_check", "settings_of_one", "settings_once", "settings_value_check",
        "storage_usage_bytes_check", "storage_usage_files_check", "team_invites_token_hash_key",
        "team_roles_team_id_id_key", "users_check",
    ]
}
