package import FileStore

/// What a file is for, which decides what it may be.
package enum FilePurpose: String, Sendable, CaseIterable {
    case avatar = "AVATAR"
    case image = "IMAGE"
    case attachment = "ATTACHMENT"
    case resume = "RESUME"
    case document = "DOCUMENT"
    case productImage = "PRODUCT_IMAGE"
    case introVideo = "INTRO_VIDEO"
    case importData = "IMPORT"

    package var rule: UploadRule {
        switch self {
        case .avatar: UploadRule(self, megabytes: 5, Self.images, side: 4_096)
        case .image, .productImage: UploadRule(self, megabytes: 10, Self.images)
        case .attachment: UploadRule(self, megabytes: 25, FileType.allCases)
        case .resume: UploadRule(self, megabytes: 5, [.pdf, .docx, .odt])
        case .document: UploadRule(self, megabytes: 25, Self.documents + [.plainText, .csv, .markdown])
        case .introVideo: UploadRule(self, megabytes: 200, [.mp4, .webm])
        case .importData: UploadRule(self, megabytes: 50, [.csv, .plainText, .json, .xlsx])
        }
    }

    /// Whether such a file is of use only while something refers to it.
    var isPartOfOthers: Bool {
        switch self {
        case .avatar, .image, .attachment, .productImage, .importData: true
        case .resume, .document, .introVideo: false
        }
    }

    /// How a storage's keys begin.
    var folder: String { rawValue.lowercased().filter { $0 != "_" } }

    private static let images: [FileType] = [.png, .jpeg, .gif, .webp]
    private static let documents: [FileType] = [.pdf, .docx, .xlsx, .pptx, .odt, .ods, .odp]
}

/// What may be uploaded for a purpose.
package struct UploadRule: Sendable {
    package let purpose: FilePurpose
    package let maximumBytes: Int
    package let inspection: FileInspection.Limits

    init(_ purpose: FilePurpose, megabytes: Int, _ types: [FileType], side: Int = 16_384) {
        self.purpose = purpose
        maximumBytes = megabytes << 20
        inspection = FileInspection.Limits(types: types, side: side)
    }

    package var mediaTypes: [String] { inspection.types.map(\.mediaType) }
    /// Pixels of a side; nil where no image is taken.
    package var maximumSide: Int? { inspection.types.contains(where: \.isImage) ? inspection.side : nil }

    /// What can be told before there are bytes.
    func fault(name: FileName, size: Int) -> FileFault? {
        if size <= 0 { return .empty }
        if size > maximumBytes { return .tooLarge }
        let types = inspection.types
        let isKnown = name.extension.map { end in types.contains { $0.extensions.contains(end) } } ?? true
        return isKnown ? nil : .typeNotAllowed
    }
}
