import Testing

@testable import Markup

@Suite struct HTMLSanitizerTests {
    @Test(arguments: [
        ("<b>bold</b>", "<b>bold</b>"),
        ("<p class=x style='color:red' id=y>text", "<p>text</p>"),
        ("<div>one<div>two</div></div>", "onetwo"),
        ("a<script>alert(1)</script>b", "ab"),
        ("<style>p{}</style><p>x", "<p>x</p>"),
        ("<!-- x --><i>y</i>", "<i>y</i>"),
        ("<td colspan=2 rowspan=9999 align=RIGHT>x</td>", "<td colspan=\"2\" align=\"right\">x</td>"),
        ("<ol start=-1><li>x</ol>", "<ol><li>x</li></ol>"),
        ("<code class='language-c++ evil'>x</code>", "<code>x</code>"),
        (
            "<a href='mailto:a@b.c' onclick=x>m</a>",
            "<a href=\"mailto:a@b.c\" rel=\"nofollow noopener noreferrer\">m</a>"
        ),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("5 < 6 & 7", "5 &lt; 6 &amp; 7"),
        ("é ☃ 👩‍👩‍👧 مرحبا", "é ☃ 👩‍👩‍👧 مرحبا"),
        ("", ""),
        ("\0", ""),
    ])
    func `what the policy knows is kept`(html: String, expected: String) {
        #expect(HTMLSanitizer.sanitize(html) == expected)
    }

    @Test func `links in links are one link`() {
        let html = HTMLSanitizer.sanitize(
            "<a href=https://a.example>x<table><tr><td><a href=https://b.example>y</a></table></a>"
        )
        #expect(html.contains("https://a.example"))
        #expect(!html.contains("<a href=\"https://a.example\" rel=\"nofollow noopener noreferrer\">x<table><tr><td><a"))
    }

    @Test func `text that stands deep in elements is not lost`() {
        for depth in [10, 100, 200, 5_000] {
            let html = HTMLSanitizer.sanitize(
                String(repeating: "<b>", count: depth) + "deep" + String(repeating: "</b>", count: depth)
            )
            #expect(html.contains("deep"))
            #expect(html.ranges(of: "<b>").count <= HTMLSanitizer.maximumDepth)
        }
    }

    /// One trick a line; Tests/Playground shows the results to a browser, too.
    @Test func `nothing of the known tricks stays`() throws {
        let vectors = try Vectors.all()
        #expect(vectors.count > 100)
        for vector in vectors {
            for html in [HTMLSanitizer.sanitize(vector), Markdown.html(of: vector)] {
                #expect(FoundMarkup.offence(in: html) == nil, "\(vector) became \(html)")
                #expect(HTMLSanitizer.sanitize(html) == html, "\(vector) is not the same the second time")
            }
        }
    }

    /// The corpus glued together at random places: a second way to meet what nobody thought of.
    @Test func `nothing of pieces of them stays either`() throws {
        let pieces = try Vectors.all().flatMap { vector in
            [vector, String(vector.prefix(vector.count / 2)), String(vector.suffix(vector.count / 2))]
        }
        var random = SplitMix(seed: 7)
        for _ in 0..<3_000 {
            let text = (0..<3).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
            for html in [HTMLSanitizer.sanitize(text), Markdown.html(of: text)] {
                #expect(FoundMarkup.offence(in: html) == nil, "\(text) became \(html)")
            }
        }
    }
}

private struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
