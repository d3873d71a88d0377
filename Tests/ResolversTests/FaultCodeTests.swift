import Actions
import Resolvers
import Testing

@Suite struct FaultCodeTests {
    private static let codes: [any FaultCode.Type] = [
        AccountFaultCode.self, APIKeyFaultCode.self, BroadcastFaultCode.self, ChatFaultCode.self,
        ManagementFaultCode.self, NotificationFaultCode.self, OAuthFaultCode.self, SettingFaultCode.self,
        TeamFaultCode.self,
    ]

    @Test func `what keeps an action from being done has a word in the schema`() {
        func words<Code: FaultCode>(_ type: Code.Type) -> [String] { type.allCases.map(\.rawValue) }
        let unknown = Self.codes.flatMap { words($0) }.filter { UserErrorCode(rawValue: $0) == nil }
        // Told as an error of the request.
        #expect(unknown == [OAuthFaultCode.registrationClosed.rawValue])
    }
}
