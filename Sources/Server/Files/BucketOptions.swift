import FileStore

extension S3Options {
    /// Nil where files are kept in a folder. Production sends nothing to a bucket in the clear.
    init?(_ settings: inout Settings, isServing: Bool) {
        guard let bucket = settings.text("AWS_S3_BUCKET") else { return nil }
        if !S3Options.isBucket(bucket) { settings.add(problem: "AWS_S3_BUCKET is no name of a bucket") }
        let endpoint = settings.text("S3_ENDPOINT")
        if let endpoint, !endpoint.hasPrefix("https://"), isServing || !endpoint.hasPrefix("http://") {
            settings.add(problem: "S3_ENDPOINT must begin with https://")
        }
        for name in ["AWS_ACCESS_KEY", "AWS_SECRET_KEY"] where settings.text(name) == nil {
            settings.add(problem: "\(name) must be set with AWS_S3_BUCKET")
        }
        self.init(
            bucket: bucket,
            region: settings.text("AWS_REGION") ?? "us-east-1",
            accessKey: settings.text("AWS_ACCESS_KEY") ?? "",
            secretKey: settings.text("AWS_SECRET_KEY") ?? "",
            endpoint: endpoint
        )
        transferSeconds = settings.number("ATRIUM_S3_TRANSFER_SECONDS", 1...86_400, transferSeconds)
    }
}
