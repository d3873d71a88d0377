import EventLoop
import GraphQLEngine
import HTTPServer

extension GraphQLHandler {
    /// All counters of the server, gathered from its loops one after another.
    func metricsText(_ server: HTTPServer) async -> String {
        var page = PrometheusText()
        var operations = OperationCounters.Totals()
        let service = service
        for loop in server.group.loops {
            if let one = try? await loop.run({ service.loopCounters?.totals }) { operations += one }
        }
        page.add(operations)
        page.gauge("atrium_ready", "1, or 0 while the server drains.", readiness.isReady ? 1 : 0)
        let counts = service.counters.current
        page.counter("atrium_graphql_timed_out_total", "Operations beyond their time limit.", UInt64(counts.timedOut))
        page.counter("atrium_graphql_abandoned_total", "Operations whose clients went away.", UInt64(counts.abandoned))
        page.gauge(
            "atrium_subscriptions_open",
            "Subscriptions that somebody reads.",
            service.engine.openSubscriptionCount
        )
        let documents = service.engine.documentCounts
        page.counter("atrium_documents_found_total", "Documents that were prepared before.", UInt64(documents.hits))
        page.counter("atrium_documents_missed_total", "Documents that had to be prepared.", UInt64(documents.misses))
        page.counter(
            "atrium_documents_evicted_total",
            "Documents that made room for others.",
            UInt64(documents.evictions)
        )
        page.gauge("atrium_documents_bytes", "What the kept documents weigh.", documents.bytes)
        let subscriptions = service.engine.subscriptionCounts
        page.gauge("atrium_subscriptions_shared", "Sources that several subscriptions share.", subscriptions.sources)
        page.counter(
            "atrium_subscriptions_shared_events_total",
            "Events that were executed once for all who share their source.",
            UInt64(subscriptions.events)
        )
        page.counter(
            "atrium_subscriptions_shared_cut_total",
            "Subscribers of a shared source that were cut because they read too slowly.",
            UInt64(subscriptions.cut)
        )
        if let reservations {
            let counts = reservations.counts
            page.gauge("atrium_event_streams", "Event streams of many operations, reserved or open.", counts.streams)
            page.gauge(
                "atrium_event_streams_waiting_bytes",
                "Requests that wait for their event stream to be opened.",
                counts.waitingBytes
            )
        }
        if let uploads {
            page.counter(
                "atrium_uploads_refused_total",
                "Forms refused because too many came at a time.",
                uploads.refusals
            )
            page.counter("atrium_uploads_late_total", "Forms that did not come in time.", uploads.latecomers)
            page.counter(
                "atrium_uploads_turned_away_total",
                "Forms refused unread because of who sent them.",
                uploads.strangers
            )
        }
        page.add(await server.metrics())
        page.add(await server.group.metrics())
        if let log = configuration.log {
            page.counter(
                "atrium_log_lines_total",
                "Lines of the log by level, lost ones among them.",
                log.counts.map { ("level=\"\($0.level.rawValue)\"", $0.lines) }
            )
            page.counter("atrium_log_lines_dropped_total", "Lines of the log that nobody read in time.", log.dropped)
        }
        await configuration.metrics?(&page)
        return page.text
    }
}

extension PrometheusText {
    fileprivate mutating func add(_ operations: OperationCounters.Totals) {
        typealias Kind = OperationCounters.Kind
        counter(
            "atrium_graphql_operations_total",
            "Operations by kind and by what came of them.",
            Kind.allCases.flatMap { kind in
                OperationCounters.Outcome.allCases.map { outcome in
                    ("kind=\"\(kind)\",outcome=\"\(outcome.label)\"", operations[kind, outcome])
                }
            }
        )
        histogram(
            "atrium_graphql_operation_duration_seconds",
            "From the start of the execution to its answer; of subscriptions, to their stream.",
            Kind.allCases.filter { $0 != .unknown }.map { ("kind=\"\($0)\"", operations[$0]) }
        )
        typealias Totals = OperationCounters.Totals
        counter(
            "atrium_graphql_refused_total",
            "Requests refused before an operation, by their status.",
            Totals.statuses.map { ("status=\"\($0 == 0 ? "other" : "\($0)")\"", operations.refused[$0] ?? 0) }
        )
        counter(
            "atrium_graphql_sockets_closed_total",
            "Sockets that were closed by the server, by the code.",
            Totals.codes.map { ("code=\"\($0 == 0 ? "other" : "\($0)")\"", operations.closed[$0] ?? 0) }
        )
        counter("atrium_graphql_over_limit_total", "Operations beyond those a client may run.", operations.overLimit)
        counter(
            "atrium_graphql_slow_readers_total",
            "Clients cut off because they asked for more than they read.",
            operations.slowReaders
        )
    }

    fileprivate mutating func add(_ http: HTTPServerMetrics) {
        counter("atrium_http_connections_total", "Connections accepted.", http.connections)
        gauge("atrium_http_connections_open", "Connections that speak HTTP.", http.openConnections)
        counter("atrium_http_requests_total", "Requests whose head was understood.", http.requests)
        counter(
            "atrium_http_responses_total",
            "Responses by class of status.",
            (1...5).map { ("class=\"\($0)xx\"", http.responses[$0]) }
        )
        histogram("atrium_http_request_duration_seconds", "From the request to its response.", [("", http.durations)])
        counter(
            "atrium_http_refused_total",
            "Requests that broke a rule or a limit of HTTP.",
            HTTPViolation.allCases.map { ("reason=\"\($0)\"", http[$0]) }
        )
        counter("atrium_http_idle_timeouts_total", "Connections closed because nothing came.", http.idleTimeouts)
        counter("atrium_http_disconnects_total", "Clients that left before their response.", http.disconnects)
        counter("atrium_http_read_pauses_total", "Times a client had to wait.", http.readPauses)
        counter("atrium_http_compressed_total", "Responses compressed.", http.compressed)
        counter("atrium_http_unanswered_total", "Handlers that ended without an answer.", http.unanswered)
        let sockets = http.webSockets
        counter("atrium_websocket_connections_total", "WebSockets opened.", sockets.opened)
        gauge("atrium_websocket_connections_open", "WebSockets open.", sockets.open)
        counter("atrium_websocket_handshakes_refused_total", "Handshakes refused.", sockets.handshakesRefused)
        counter("atrium_websocket_messages_received_total", "Messages of clients.", sockets.messagesReceived)
        counter("atrium_websocket_frames_sent_total", "Frames sent.", sockets.framesSent)
        counter(
            "atrium_websocket_slow_consumers_total",
            "Clients closed because they read too slowly.",
            sockets.slowConsumers
        )
        counter(
            "atrium_websocket_postponed_total",
            "Turns in which a client brought so much that the rest had to wait.",
            sockets.postponed
        )
        counter("atrium_websocket_lost_total", "Clients that gave no sign of life.", sockets.lost)
        counter(
            "atrium_websocket_refused_total",
            "Connections that broke a rule or a limit of WebSocket.",
            WebSocketViolation.allCases.map { ("reason=\"\($0)\"", sockets[$0]) }
        )
    }

    fileprivate mutating func add(_ loops: EventLoopMetrics) {
        histogram(
            "atrium_loop_turn_seconds",
            "Turns of the loops: what becomes ready waits for one.",
            [("", loops.turns)]
        )
        counter("atrium_loop_jobs_total", "Jobs of tasks run.", loops.jobs)
        counter("atrium_socket_accepted_total", "Connections taken from the kernel.", loops.accepted)
        counter(
            "atrium_socket_accepts_refused_total",
            "Connections closed at once because their address had too many.",
            loops.acceptsRefused
        )
        counter(
            "atrium_socket_accepts_deferred_total",
            "Accepts put off for want of descriptors.",
            loops.acceptsDeferred
        )
        counter("atrium_socket_read_bytes_total", "Bytes received.", loops.bytesRead)
        counter("atrium_socket_written_bytes_total", "Bytes sent.", loops.bytesWritten)
        counter("atrium_socket_send_timeouts_total", "Clients cut off because they took no output.", loops.sendTimeouts)
        counter("atrium_socket_high_water_total", "Times output was put on hold.", loops.highWaterMarks)
        counter("atrium_tls_handshakes_total", "TLS handshakes done.", loops.tlsHandshakes)
        counter("atrium_tls_failures_total", "TLS failures.", loops.tlsFailures)
    }
}
