/// What a file is, held against the name it has and the limits of what it is for.
package struct FileInspection: Sendable, Equatable {
    package let type: FileType
    /// Of images.
    package let size: ImageSize?

    package struct Limits: Sendable {
        package var types: [FileType]
        /// Pixels of a side of an image, and of all of it.
        package var side: Int
        package var pixels: Int

        package init(types: [FileType], side: Int = 16_384, pixels: Int = 50_000_000) {
            self.types = types
            self.side = side
            self.pixels = pixels
        }
    }

    /// Throws a `FileFault`, or what reading throws. Blocks; reads at most some hundred KiB for images and a few MiB for
    /// archives.
    package init(_ source: some RandomAccessBytes, name: FileName, _ limits: Limits) throws {
        guard source.count > 0 else { throw FileFault.empty }
        let head = try source.bytes(0..<min(source.count, 65_536))
        guard var type = FileType.signature(of: head) else { throw FileFault.typeNotAllowed }
        if type == .zip { type = try Self.archiveType(source, head) }
        if type == .plainText { type = Self.textType(name) }
        guard limits.types.contains(type) else { throw FileFault.typeNotAllowed }
        guard name.extension.map(type.extensions.contains) ?? true else { throw FileFault.typeMismatch }
        if type.isImage {
            guard let size = try ImageSize.read(type, from: source) else { throw FileFault.damaged }
            guard size.width <= limits.side, size.height <= limits.side, size.width * size.height <= limits.pixels
            else { throw FileFault.dimensions }
            self.size = size
        } else {
            size = nil
        }
        self.type = type
    }

    /// Office documents are archives with certain things in them.
    private static func archiveType(_ source: some RandomAccessBytes, _ head: [UInt8]) throws -> FileType {
        let directory = try ArchiveDirectory(source)
        if directory.hasName(endingIn: "vbaProject.bin") { throw FileFault.activeContent }
        if directory.hasName(beginningWith: "[Content_Types].xml") {
            if directory.hasName(beginningWith: "word/") { return .docx }
            if directory.hasName(beginningWith: "xl/") { return .xlsx }
            if directory.hasName(beginningWith: "ppt/") { return .pptx }
        }
        // The first entry is named "mimetype" and is not packed.
        if head.has("mimetypeapplication/vnd.oasis.opendocument.", at: 30) {
            let kinds: [(StaticString, FileType)] = [
                ("text", .odt), ("spreadsheet", .ods), ("presentation", .odp),
            ]
            if let kind = kinds.first(where: { head.has($0.0, at: 30 + 43) }) { return kind.1 }
        }
        return .zip
    }

    /// Plain texts are told apart by their names: nothing depends on it.
    private static func textType(_ name: FileName) -> FileType {
        FileType.plainTexts.first { type in name.extension.map(type.extensions.contains) ?? false } ?? .plainText
    }
}
