/// All that can be set. Every module adds its own; keys stay, for clients and rows have them.
package enum SettingCatalog {
    package static let all: [SettingDefinition] =
        [theme, density, reducedMotion, weekStart, hourCycle, sendKey] + [inviteDays, membersInvite]
        + [registrationOpen, announcement, supportAddress]

    private static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })

    package static func definition(_ key: String, _ scope: SettingDefinition.Scope) -> SettingDefinition? {
        byKey[key].flatMap { $0.scope == scope ? $0 : nil }
    }

    // MARK: Of people: how programs show things to them, on every device

    static let theme = SettingDefinition(
        "appearance.theme",
        .user,
        .choice(["system", "light", "dark"]),
        standard: "system",
        "Light or dark colours, or those of the device."
    )
    static let density = SettingDefinition(
        "appearance.density",
        .user,
        .choice(["comfortable", "compact"]),
        standard: "comfortable",
        "How much is shown at once."
    )
    static let reducedMotion = SettingDefinition(
        "appearance.reduced_motion",
        .user,
        .boolean,
        standard: "false",
        "Whether things stand still."
    )
    static let weekStart = SettingDefinition(
        "calendar.week_start",
        .user,
        .choice(["monday", "saturday", "sunday"]),
        standard: "monday",
        "The first day of a week."
    )
    static let hourCycle = SettingDefinition(
        "calendar.hour_cycle",
        .user,
        .choice(["locale", "h12", "h23"]),
        standard: "locale",
        "Hours of half a day or of a whole one."
    )
    static let sendKey = SettingDefinition(
        "chat.send_with_enter",
        .user,
        .boolean,
        standard: "true",
        "Whether the enter key sends a message, or begins a new line."
    )

    // MARK: Of teams

    static let inviteDays = SettingDefinition(
        "invites.days",
        .team,
        .integer(1...30),
        standard: "7",
        "For how many days an invitation can be accepted."
    )
    static let membersInvite = SettingDefinition(
        "invites.roles",
        .team,
        .choice(["any", "guest"]),
        standard: "any",
        "Whether people are invited as anything, or as guests alone."
    )

    // MARK: Of the platform

    static let registrationOpen = SettingDefinition(
        "registration.open",
        .application,
        .boolean,
        standard: "true",
        isPublic: true,
        "Whether strangers can make accounts."
    )
    static let announcement = SettingDefinition(
        "announcement.text",
        .application,
        .line(maximumLength: 300),
        standard: "",
        isPublic: true,
        "What programs show to everybody; nothing if it is empty."
    )
    static let supportAddress = SettingDefinition(
        "support.address",
        .application,
        .line(maximumLength: 254),
        standard: "",
        isPublic: true,
        "Where people turn to for help."
    )
}
