import OutboundHTTP
import Testing

@Suite struct OriginTests {
    @Test(arguments: [
        ("https://api.example", "https://api.example"), ("https://API.example:443/base/", "https://api.example"),
        ("http://api.example:80?a", "http://api.example"), ("https://api.example:8443", "https://api.example:8443"),
        ("https://api.example:80", "https://api.example:80"), ("HTTPS://api.example#a", "https://api.example"),
        ("https://[::1]:443/a", "https://[::1]"), ("https://[::1]/a:443", "https://[::1]"),
        ("http://[::1]:8080", "http://[::1]:8080"), ("smtps://mail.example:465", "smtps://mail.example"),
    ])
    func `one server has one text`(url: String, text: String) { #expect(Origin(url)?.text == text) }

    @Test(arguments: [
        "api.example", "https://", "https:///a", "https://:443", "https://a@b.example", "https://a\\b.example", "//a",
        "",
    ])
    func `what names no server, or somebody at it, has none`(url: String) { #expect(Origin(url) == nil) }

    @Test func `a host is told without its port`() {
        #expect(Origin("https://A.example:8443/")?.host == "a.example")
        #expect(Origin("http://[fe80::1]:1")?.host == "[fe80::1]")
        #expect(Origin("https://a.example")?.isOfWeb == true && Origin("ftp://a.example")?.isOfWeb == false)
    }
}
