// Written by `Server migrate create`; a test holds it against the folder sql.
#include "CMigrations.h"

#include <stddef.h>

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char sql_1[] = {
#embed "sql/0001_foundation.sql"
, 0};
static const char sql_2[] = {
#embed "sql/0002_identity.sql"
, 0};
static const char sql_3[] = {
#embed "sql/0003_teams.sql"
, 0};
static const char sql_4[] = {
#embed "sql/0004_files.sql"
, 0};
static const char sql_5[] = {
#embed "sql/0005_chat.sql"
, 0};
static const char sql_6[] = {
#embed "sql/0006_conversations.sql"
, 0};
static const char sql_7[] = {
#embed "sql/0007_notifications.sql"
, 0};
static const char sql_8[] = {
#embed "sql/0008_audit.sql"
, 0};
static const char sql_9[] = {
#embed "sql/0009_sign_in_failures.sql"
, 0};
static const char sql_10[] = {
#embed "sql/0010_file_references.sql"
, 0};
static const char sql_11[] = {
#embed "sql/0011_quiet_hours.sql"
, 0};
static const char sql_12[] = {
#embed "sql/0012_visible_rooms.sql"
, 0};
static const char sql_13[] = {
#embed "sql/0013_audit_seals.sql"
, 0};
static const char sql_14[] = {
#embed "sql/0014_job_owners.sql"
, 0};
static const char sql_15[] = {
#embed "sql/0015_guests_of_conversations.sql"
, 0};
static const char sql_16[] = {
#embed "sql/0016_second_factors.sql"
, 0};
static const char sql_17[] = {
#embed "sql/0017_settings.sql"
, 0};
static const char sql_18[] = {
#embed "sql/0018_ended_sessions.sql"
, 0};
static const char sql_19[] = {
#embed "sql/0019_presence_leases.sql"
, 0};
static const char sql_20[] = {
#embed "sql/0020_message_features.sql"
, 0};
static const char sql_21[] = {
#embed "sql/0021_chat_moderation.sql"
, 0};
static const char sql_22[] = {
#embed "sql/0022_call_leases.sql"
, 0};
static const char sql_23[] = {
#embed "sql/0023_chat_indexes.sql"
, 0};
static const char sql_24[] = {
#embed "sql/0024_email_undo.sql"
, 0};
static const char sql_25[] = {
#embed "sql/0025_last_owners.sql"
, 0};
static const char sql_26[] = {
#embed "sql/0026_broadcasts.sql"
, 0};
static const char sql_27[] = {
#embed "sql/0027_oauth_attempts.sql"
, 0};
static const char sql_28[] = {
#embed "sql/0028_notification_channels.sql"
, 0};
static const char sql_29[] = {
#embed "sql/0029_thread_following.sql"
, 0};
static const char sql_30[] = {
#embed "sql/0030_deleted_rooms.sql"
, 0};
static const char sql_31[] = {
#embed "sql/0031_blocks_and_channels.sql"
, 0};
static const char sql_32[] = {
#embed "sql/0032_user_lists.sql"
, 0};
static const char sql_33[] = {
#embed "sql/0033_account_deletion.sql"
, 0};
static const char sql_34[] = {
#embed "sql/0034_job_lives.sql"
, 0};
static const char sql_35[] = {
#embed "sql/0035_mailed_links.sql"
, 0};
static const char sql_36[] = {
#embed "sql/0036_remembered_seal.sql"
, 0};
static const char sql_37[] = {
#embed "sql/0037_broadcast_places.sql"
, 0};
static const char sql_38[] = {
#embed "sql/0038_notification_moments.sql"
, 0};
static const char sql_39[] = {
#embed "sql/0039_revived_broadcasts.sql"
, 0};
static const char sql_40[] = {
#embed "sql/0040_erasure_indexes.sql"
, 0};
static const char sql_41[] = {
#embed "sql/0041_guest_indexes.sql"
, 0};
static const char sql_42[] = {
#embed "sql/0042_group_avatar_index.sql"
, 0};
static const char sql_43[] = {
#embed "sql/0043_room_preferences.sql"
, 0};
static const char sql_44[] = {
#embed "sql/0044_chat_lists.sql"
, 0};
static const char sql_45[] = {
#embed "sql/0045_moderation_reports.sql"
, 0};
static const char sql_46[] = {
#embed "sql/0046_messages_created.sql"
, 0};
static const char sql_47[] = {
#embed "sql/0047_push_providers.sql"
, 0};
static const char sql_48[] = {
#embed "sql/0048_message_notifications.sql"
, 0};

static const atrium_migration migrations[] = {
    {1, "foundation", sql_1},
    {2, "identity", sql_2},
    {3, "teams", sql_3},
    {4, "files", sql_4},
    {5, "chat", sql_5},
    {6, "conversations", sql_6},
    {7, "notifications", sql_7},
    {8, "audit", sql_8},
    {9, "sign_in_failures", sql_9},
    {10, "file_references", sql_10},
    {11, "quiet_hours", sql_11},
    {12, "visible_rooms", sql_12},
    {13, "audit_seals", sql_13},
    {14, "job_owners", sql_14},
    {15, "guests_of_conversations", sql_15},
    {16, "second_factors", sql_16},
    {17, "settings", sql_17},
    {18, "ended_sessions", sql_18},
    {19, "presence_leases", sql_19},
    {20, "message_features", sql_20},
    {21, "chat_moderation", sql_21},
    {22, "call_leases", sql_22},
    {23, "chat_indexes", sql_23},
    {24, "email_undo", sql_24},
    {25, "last_owners", sql_25},
    {26, "broadcasts", sql_26},
    {27, "oauth_attempts", sql_27},
    {28, "notification_channels", sql_28},
    {29, "thread_following", sql_29},
    {30, "deleted_rooms", sql_30},
    {31, "blocks_and_channels", sql_31},
    {32, "user_lists", sql_32},
    {33, "account_deletion", sql_33},
    {34, "job_lives", sql_34},
    {35, "mailed_links", sql_35},
    {36, "remembered_seal", sql_36},
    {37, "broadcast_places", sql_37},
    {38, "notification_moments", sql_38},
    {39, "revived_broadcasts", sql_39},
    {40, "erasure_indexes", sql_40},
    {41, "guest_indexes", sql_41},
    {42, "group_avatar_index", sql_42},
    {43, "room_preferences", sql_43},
    {44, "chat_lists", sql_44},
    {45, "moderation_reports", sql_45},
    {46, "messages_created", sql_46},
    {47, "push_providers", sql_47},
    {48, "message_notifications", sql_48},
};

const atrium_migration *atrium_migration_at(int index) {
    return index >= 0 && index < (int)(sizeof migrations / sizeof *migrations) ? &migrations[index] : NULL;
}
