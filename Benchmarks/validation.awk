# Makes the table of Benchmarks/validation.sh: the best of all rounds of theirs (first file) and ours (second).
FNR == NR { if (!($1 in theirs) || $3 < theirs[$1]) theirs[$1] = $3; next }
!($1 in ours) { order[++documents] = $1; ours[$1] = $3 }
{ bytes[$1] = $2; errors[$1] = $4; if ($3 < ours[$1]) ours[$1] = $3; if ($5 > memory[$1]) memory[$1] = $5 }
function other(name) {
    if (theirs[name] < 0) return "over 20 s | |"
    if (theirs[name] == 0) return "stack overflow | |"
    return sprintf("%.1f | %.0f |", theirs[name], theirs[name] / ours[name])
}
END {
    print "# Validation\n"
    print "All rules of graphql-js 16.11 on a parsed document, against a schema of 60 object types (30 kB)."
    print "Best of three rounds in which the two take turns; of the hostile documents graphql-js gets one round of at"
    print "most 20 s. Repeat with `Benchmarks/validation.sh`.\n"
    print machine "; " versions ".\n"
    print "| document | bytes | errors | ours µs | graphql-js µs | times faster | our peak memory, MB |"
    print "|---|--:|--:|--:|--:|--:|--:|"
    for (i = 1; i <= documents; i++) {
        n = order[i]
        title = n
        sub(/^[0-9][0-9]-/, "", title)
        printf "| %s | %d | %d | %.1f | %s %.0f |\n", title, bytes[n], errors[n], ours[n], other(n), memory[n] / 1024
    }
}
