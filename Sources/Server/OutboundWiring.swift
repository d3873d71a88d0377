import GraphQLTransport
import OutboundHTTP

extension OutboundClient {
    func addMetrics(to page: inout PrometheusText) async {
        let metrics = await metrics()
        page.counter("atrium_outbound_answered_total", "Answers of other servers, and mails taken.", metrics.answered)
        page.counter(
            "atrium_outbound_failed_total",
            "Requests to other servers without an answer, by reason.",
            metrics.failed.map { ("reason=\"\($0.word)\"", $0.count) }
        )
        page.gauge("atrium_outbound_running", "Requests to other servers under way.", metrics.running)
        page.gauge("atrium_outbound_waiting", "Those that wait for a place.", metrics.waiting)
        page.gauge("atrium_outbound_open_circuits", "Servers that are left alone.", metrics.openCircuits)
    }
}
