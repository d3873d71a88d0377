package import Credentials
package import OutboundHTTP

/// What the sending of pushes works with.
package struct PushServices: Sendable {
    /// Nil where nothing is sent to browsers.
    let sender: PushSender?
    /// Nil where nothing is sent to apps.
    let firebase: FirebaseSender?
    let client: OutboundClient
    /// Which addresses pushes may go to: browsers name them, so anybody does.
    let reach: Reach
    /// How long the service keeps a message for a browser that is away.
    let lifetimeSeconds: Int
    /// How long a service may take to answer.
    let deadline: Duration
    let budget: PushBudget

    package init(
        sender: PushSender?,
        firebase: FirebaseSender? = nil,
        client: OutboundClient,
        reach: Reach = .publicOnly,
        lifetimeSeconds: Int = 86_400,
        deadline: Duration = .seconds(3),
        budget: PushBudget = PushBudget()
    ) {
        self.sender = sender
        self.firebase = firebase
        self.client = client
        self.reach = reach
        self.lifetimeSeconds = lifetimeSeconds
        self.deadline = deadline
        self.budget = budget
    }

    /// What pages subscribe with.
    package var publicKey: String? { sender?.publicKey }

    /// Where the service is that this address is of, as tokens name it; nil for what no push may go to. A name may still
    /// lead to an address that is refused when it is asked.
    func origin(of endpoint: String) -> String? {
        guard endpoint.utf8.count <= 2_000, endpoint.utf8.allSatisfy({ (0x21..<0x7f).contains($0) }),
            endpoint.wholeMatch(of: /https?:\/\/[^\/?#@\\"]+(\/[^#"\\]*)?/) != nil, let origin = Origin(endpoint),
            origin.scheme == "https" || reach == .anywhere, reach.mayAdmit(host: origin.host)
        else { return nil }
        return origin.text
    }
}
