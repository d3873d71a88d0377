package import Credentials
package import OutboundHTTP

/// What the sending of pushes works with.
package struct PushServices: Sendable {
    let sender: PushSender
    let client: OutboundClient
    /// Which addresses pushes may go to: browsers name them, so anybody does.
    let reach: Reach
    /// How long the service keeps a message for a browser that is away.
    let lifetimeSeconds: Int
    /// How long a service may take to answer.
    let deadline: Duration
    let budget: PushBudget

    package init(
        sender: PushSender,
        client: OutboundClient,
        reach: Reach = .publicOnly,
        lifetimeSeconds: Int = 86_400,
        deadline: Duration = .seconds(3),
        budget: PushBudget = PushBudget()
    ) {
        self.sender = sender
        self.client = client
        self.reach = reach
        self.lifetimeSeconds = lifetimeSeconds
        self.deadline = deadline
        self.budget = budget
    }

    /// What pages subscribe with.
    package var publicKey: String { sender.publicKey }

    /// Where the service is that this address is of, as tokens name it; nil for what no push may go to. A name may still
    /// lead to an address that is refused when it is asked.
    func origin(of endpoint: String) -> String? {
        guard endpoint.utf8.count <= 2_000, endpoint.utf8.allSatisfy({ (0x21..<0x7f).contains($0) }),
            let match = endpoint.wholeMatch(of: /(https?):\/\/([^\/?#@\\"]+)(\/[^#"\\]*)?/)
        else { return nil }
        let scheme = match.1.lowercased()
        let authority = match.2.lowercased()
        guard scheme == "https" || reach == .anywhere else { return nil }
        let port = authority.hasSuffix("]") ? nil : authority.lastIndex(of: ":")
        let host = port.map { authority[..<$0] } ?? authority[...]
        guard reach.mayAdmit(host: String(host)) else { return nil }
        let isStandard = port.map { authority[$0...] == (scheme == "https" ? ":443" : ":80") } ?? false
        return scheme + "://" + (isStandard ? String(host) : authority)
    }
}
