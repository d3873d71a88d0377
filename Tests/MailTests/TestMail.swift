import EventLoop
import Mail
import OutboundHTTP
import Testing

func message(
    to: String = "ida@example.org",
    subject: String = "Hello",
    text: String = "Hello\n",
    unsubscribing: String? = nil
) throws -> MailMessage {
    MailMessage(
        id: "0198-a",
        from: try #require(MailAddress("atrium@example.org", name: "Atrium – Prüfung")),
        to: try #require(MailAddress(to)),
        subject: subject,
        text: text,
        html: "<p>Grüße</p>",
        seconds: 1_768_473_000,
        unsubscribing: unsubscribing
    )
}

/// Runs `body` on a loop with a client, which is closed afterwards.
func withClient<Value: Sendable>(
    _ change: (inout OutboundOptions) -> Void = { _ in },
    _ body: @escaping @Sendable (OutboundClient) async throws -> Value
) async throws -> Value {
    var options = OutboundOptions()
    change(&options)
    let group = try EventLoopGroup(count: 1)
    let client = OutboundClient(group, options)
    let loop = group.loops[0]
    let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
        loop.execute {
            loop.startTask {
                do { continuation.resume(returning: .success(try await body(client))) } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
    }
    await client.close()
    await group.stop()
    return try result.get()
}
