/// What a file is, found from its bytes. Whatever is not listed here is not taken.
package enum FileType: String, Sendable, CaseIterable {
    case png, jpeg, gif, webp
    case pdf, docx, xlsx, pptx, odt, ods, odp
    case mp4, webm, mp3, ogg, wav, flac
    case zip
    case plainText, csv, markdown, json
    case html, svg, xml

    package var mediaType: String {
        switch self {
        case .png: "image/png"
        case .jpeg: "image/jpeg"
        case .gif: "image/gif"
        case .webp: "image/webp"
        case .pdf: "application/pdf"
        case .docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        case .odt: "application/vnd.oasis.opendocument.text"
        case .ods: "application/vnd.oasis.opendocument.spreadsheet"
        case .odp: "application/vnd.oasis.opendocument.presentation"
        case .mp4: "video/mp4"
        case .webm: "video/webm"
        case .mp3: "audio/mpeg"
        case .ogg: "audio/ogg"
        case .wav: "audio/wav"
        case .flac: "audio/flac"
        case .zip: "application/zip"
        case .plainText: "text/plain"
        case .csv: "text/csv"
        case .markdown: "text/markdown"
        case .json: "application/json"
        case .html: "text/html"
        case .svg: "image/svg+xml"
        case .xml: "application/xml"
        }
    }

    /// What the name of such a file may end in.
    package var extensions: [String] {
        switch self {
        case .jpeg: ["jpg", "jpeg"]
        case .mp4: ["mp4", "m4v", "m4a", "mov"]
        case .ogg: ["ogg", "oga", "opus"]
        case .plainText: ["txt", "log"]
        case .markdown: ["md", "markdown"]
        case .html: ["html", "htm", "xhtml"]
        default: [rawValue]
        }
    }

    package init?(mediaType: String) {
        guard let type = FileType.allCases.first(where: { $0.mediaType == mediaType }) else { return nil }
        self = type
    }

    package var isImage: Bool { [.png, .jpeg, .gif, .webp].contains(self) }

    /// Whether a browser that shows it runs what is in it, in the name of whoever served it.
    package var isActive: Bool { [.html, .svg, .xml].contains(self) }

    /// Whether a browser may show it in its own window: nothing in such a file can act.
    package var mayBeShown: Bool {
        switch self {
        case .png, .jpeg, .gif, .webp, .mp4, .webm, .mp3, .ogg, .wav, .flac, .plainText: true
        default: false
        }
    }

    /// Texts that only their names tell apart.
    static let plainTexts: [FileType] = [.plainText, .csv, .markdown, .json]
}
