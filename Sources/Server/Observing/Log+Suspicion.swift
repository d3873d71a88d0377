import Actions
import GraphQLTransport
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

extension SuspicionWatch {
    func addMetrics(to page: inout PrometheusText) {
        let counts = counts
        page.counter(
            "atrium_suspicions_total",
            "What looked like the work of somebody who means no good, by what it was.",
            Suspicion.Kind.allCases.map {
                ("what=\"\($0.rawValue.replacing(" ", with: "_"))\"", counts.suspicions[$0] ?? 0)
            }
        )
        page.counter("atrium_suspicions_untold_total", "Those that were too many for the log.", counts.untold)
        page.counter(
            "atrium_sign_ins_refused_total",
            "Times that somebody was not let in, by why.",
            SignInRefusal.allCases.map { ("reason=\"\($0.rawValue)\"", counts.signIns[$0] ?? 0) }
        )
        page.counter(
            "atrium_keys_refused_total",
            "Requests with a key that does not count, by why.",
            KeyRefusal.allCases.map { ("reason=\"\($0.rawValue)\"", counts.keys[$0] ?? 0) }
        )
    }
}
