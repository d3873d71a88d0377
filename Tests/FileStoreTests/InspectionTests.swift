import Testing

@testable import FileStore

@Suite(.timeLimit(.minutes(3))) struct InspectionTests {
    private func inspect(
        _ bytes: [UInt8],
        _ name: String,
        _ types: [FileType] = FileType.allCases
    ) throws -> FileInspection {
        let name = try #require(FileName(name))
        return try FileInspection(Bytes(bytes), name: name, FileInspection.Limits(types: types))
    }

    private func fault(_ bytes: [UInt8], _ name: String, _ types: [FileType] = FileType.allCases) -> FileFault? {
        do {
            _ = try inspect(bytes, name, types)
            return nil
        } catch { return error as? FileFault }
    }

    @Test(arguments: [
        ("%PDF-1.7\n", "a.pdf", FileType.pdf), ("GIF89a\u{2}\0\u{3}\0\0\0\0", "a.gif", .gif),
        ("OggS\0", "a.opus", .ogg), ("fLaC", "a.flac", .flac), ("ID3\u{4}", "a.mp3", .mp3),
        ("\0\0\0\u{18}ftypmp42", "a.mp4", .mp4), ("RIFF\0\0\0\0WAVEfmt ", "a.wav", .wav),
        ("Hello", "a.txt", .plainText), ("a,b\n1,2", "a.csv", .csv), ("# T", "README.md", .markdown),
        ("{}", "a.json", .json),
        ("Grüße", "LIESMICH", .plainText), (" <html>", "a.html", .html), ("<svg/>", "a.svg", .svg),
        ("<?xml version='1.0'?><a/>", "a.xml", .xml), ("<?xml version='1.0'?><svg/>", "a.svg", .svg),
        ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "a.xhtml", .html),
        ("<img src=x onerror=alert(1)>", "a.html", .html),
    ])
    func `a type is told by the first bytes`(text: String, name: String, type: FileType) throws {
        #expect(try inspect(Array(text.utf8), name).type == type)
    }

    @Test(arguments: [
        "MZ\u{90}\0", "\u{7f}ELF", "\0\0\0\u{18}ftypheic", "\0\0\0\u{18}ftypavif", "Rar!\u{1a}\u{7}", "text\0with zero",
        "\u{1b}[31mescape", "BM\0\0\0\0",
    ])
    func `what is not known is not taken`(text: String) { #expect(fault(Array(text.utf8), "a.txt") == .typeNotAllowed) }

    @Test func `bytes that are no UTF-8 are no text`() {
        #expect(fault([0x61, 0xff, 0xfe, 0x62], "a.txt") == .typeNotAllowed)
        #expect(fault([0xff, 0xfe, 0x61, 0x00], "a.txt") == .typeNotAllowed)
        #expect(fault([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], "a.doc") == .typeNotAllowed)
    }

    @Test func `a text may be cut in the middle of a character`() throws {
        for lead in 0..<5 {
            let text = String(repeating: "a", count: lead) + String(repeating: "€𝄞", count: 12_000)
            #expect(try inspect(Array(text.utf8), "a.txt").type == .plainText)
        }
    }

    @Test func `every type is what one of its own names says`() {
        for type in FileType.allCases {
            #expect(!type.extensions.isEmpty)
            #expect(FileType(mediaType: type.mediaType) == type)
            #expect(!(type.isActive && type.mayBeShown))
        }
    }

    // MARK: Images

    @Test func `images are measured by their headers`() throws {
        let jpeg: [UInt8] = [
            0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc2, 0, 11, 8, 0x01, 0x02, 0x03, 0x04, 3, 0, 0,
        ]
        #expect(try inspect(jpeg, "a.jpg").size == ImageSize(width: 0x304, height: 0x102))
        let lossy: [UInt8] =
            Array("RIFF\0\0\0\0WEBPVP8 ".utf8) + [0, 0, 0, 0, 0, 0, 0, 0x9d, 1, 0x2a, 0x40, 0x41, 0x20, 0x80]
        #expect(try inspect(lossy, "a.webp").size == ImageSize(width: 0x140, height: 0x20))
        let lossless: [UInt8] =
            Array("RIFF\0\0\0\0WEBPVP8L".utf8) + [0, 0, 0, 0, 0x2f, 0x63, 0x40, 0x0c, 0, 0, 0, 0, 0, 0]
        #expect(try inspect(lossless, "a.webp").size == ImageSize(width: 100, height: 50))
        let extended: [UInt8] = Array("RIFF\0\0\0\0WEBPVP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 19, 0, 0]
        #expect(try inspect(extended, "a.webp").size == ImageSize(width: 10, height: 20))
        #expect(
            try inspect(Array("GIF87a".utf8) + [5, 1, 6, 0, 0, 0, 0], "a.gif").size == ImageSize(width: 261, height: 6)
        )
    }

    @Test(
        arguments: [
            [0xff, 0xd8, 0xff], [0xff, 0xd8, 0xff, 0xd9], [0xff, 0xd8, 0xff, 0xe0, 0, 0],
            [0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff],
            [0xff, 0xd8, 0xff, 0xda, 0, 8], [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 0, 0, 9],
            [0xff, 0xd8, 0xff, 0xe0, 0, 2, 0x12, 0x34, 0, 2],
        ] as [[UInt8]]
    )
    func `a broken JPEG has no size`(bytes: [UInt8]) { #expect(fault(bytes, "a.jpg") == .damaged) }

    @Test func `a JPEG of endless fill bytes ends the search`() {
        let bytes: [UInt8] = [0xff, 0xd8] + [UInt8](repeating: 0xff, count: 1 << 20)
        #expect(fault(bytes, "a.jpg") == .damaged)
    }

    @Test func `every beginning of an image is refused without harm`() throws {
        let jpeg: [UInt8] = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc2, 0, 11, 8, 1, 2, 3, 4, 3, 0, 0]
        for length in 3..<17 { #expect(fault(Array(jpeg.prefix(length)), "a.jpg") == .damaged, "\(length)") }
    }

    // MARK: Archives

    @Test func `documents are told from archives by what is in them`() throws {
        for (folder, type, name) in [
            ("word", FileType.docx, "a.docx"), ("xl", .xlsx, "a.xlsx"), ("ppt", .pptx, "a.pptx"),
        ] {
            var archive = Archive()
            archive.add("[Content_Types].xml", [1, 2, 3])
            archive.add("\(folder)/main.xml", [1, 2, 3])
            #expect(try inspect(archive.bytes(comment: "PK\u{5}\u{6} is no end"), name).type == type)
        }
        var text = Archive()
        text.add("mimetype", Array("application/vnd.oasis.opendocument.text".utf8))
        #expect(try inspect(text.bytes(), "a.odt").type == .odt)
        var plain = Archive()
        plain.add("a.txt", [1])
        #expect(try inspect(plain.bytes(), "a.zip").type == .zip)
        #expect(fault(plain.bytes(), "a.docx") == .typeMismatch)
    }

    @Test func `an archive that unpacks to too much is refused`() {
        var bomb = Archive()
        bomb.add("[Content_Types].xml", [1])
        bomb.add("word/document.xml", [UInt8](repeating: 0, count: 42_000), unpacked: 0xffff_ffff)
        #expect(fault(bomb.bytes(), "report.docx") == .expansion)
        var ratio = Archive()
        ratio.add("a", [UInt8](repeating: 0, count: 1_000), unpacked: 100 << 20)
        #expect(fault(ratio.bytes(), "a.zip") == .expansion)
        var shared = Archive()
        for index in 0..<100 { shared.add("\(index)", [0], unpacked: 1_000_000, packed: 1_000_000) }
        #expect(fault(shared.bytes(), "a.zip") == .expansion)
        var many = Archive()
        many.add("a", [0])
        #expect(fault(many.bytes(count: 60_000), "a.zip") == .expansion)
    }

    @Test func `a document with macros is refused`() {
        var archive = Archive()
        archive.add("[Content_Types].xml", [1])
        archive.add("word/vbaProject.bin", [1])
        #expect(fault(archive.bytes(), "a.docx") == .activeContent)
    }

    @Test func `a broken archive is refused wherever it breaks`() {
        var archive = Archive()
        archive.add("a.txt", [1, 2, 3])
        let bytes = archive.bytes()
        for length in 4..<bytes.count { #expect(fault(Array(bytes.prefix(length)), "a.zip") == .damaged, "\(length)") }
        #expect(fault(archive.bytes(count: 2), "a.zip") == .damaged)
    }
}
