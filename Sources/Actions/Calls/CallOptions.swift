/// What can be set about calls; the most of everything.
package struct CallOptions: Sendable {
    /// How long a call rings.
    package var ringSeconds: Int64 = 45
    /// People of one call, who connect each to each.
    package var people = 8
    package var startsPerMinute = 20
    /// Bytes of one signal; the description of a session has a few thousand.
    package var signalBytes = 65_536
    /// That one person sends.
    package var signalsPerMinute = 600
    /// Of one call to one person.
    package var signalsPerListener = 5_000
    /// How long somebody counts as on the line whose device has not been heard of.
    package var lineSeconds: Int64 = 60
    /// Servers that tell a browser its address, such as `stun:stun.example.org`.
    package var stunURLs: [String] = []
    /// Servers that pass media on, such as `turn:turn.example.org?transport=udp`.
    package var turnURLs: [String] = []
    /// What they share with this server, to know whom it has let in.
    package var turnSecret: String?
    /// How long they let somebody in.
    package var turnSeconds: Int64 = 3_600

    package init() {}
}
