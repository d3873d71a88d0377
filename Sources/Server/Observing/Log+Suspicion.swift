import Actions
import HTTPServer

extension Log {
    /// Somebody may mean no good: who and from where, and nothing of what they have sent.
    func warn(of suspicion: Suspicion) {
        var values: [(StaticString, LogValue)] = [
            ("what", .text(suspicion.kind.rawValue)), ("request.id", .text(suspicion.client.requestID)),
        ]
        if let address = suspicion.client.address { values.append(("client", .text(address.text))) }
        if let actor = suspicion.actor { values.append(("actor", .text("\(actor)"))) }
        write(.warning, "suspicious", values)
    }
}
