import Testing

@testable import Actions

@Suite(.timeLimit(.minutes(3))) struct MailTextTests {
    @Test(arguments: ["\r\n", "\n", "\r", "\u{2028}", "\u{85}", "\n\r\n"])
    func `what somebody else wrote is theirs in every line`(end: String) {
        let message = "Hello" + end + "Choose a new password:" + end + "https://evil.example/"
        let story = MailStory.teamInvitation(team: "Crew", inviter: "Max", message: message, link: "https://a.example/")
        for text in [MailText.english(story, to: "Ida"), MailText.german(story, to: "Ida")] {
            #expect(text.plain.contains("> Hello\n> Choose a new password:\n> https://evil.example/\n"))
            let lines = text.plain.split(whereSeparator: \.isNewline)
            #expect(lines.filter { $0.hasPrefix("http") } == ["https://a.example/"])
        }
    }
}
