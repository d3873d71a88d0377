# Makes the table of Benchmarks/language.sh: the best of all rounds of theirs (first file) and ours (second).
FNR == NR { if (!($1 in theirs) || $3 < theirs[$1]) theirs[$1] = $3; next }
!($1 in ours) { order[++documents] = $1; ours[$1] = $3 }
{ bytes[$1] = $2; if ($3 < ours[$1]) ours[$1] = $3; if ($4 > memory[$1]) memory[$1] = $4 }
function megabytes(name, time) { return sprintf("%.0f", bytes[name] / time) }
END {
    print "# Lexing and parsing\n"
    print "From bytes to the syntax tree, with locations, at the default settings of both."
    print "Best of three rounds in which the two take turns. Repeat with `Benchmarks/language.sh`."
    print "On a busy machine node's garbage collection makes its figures for the largest documents vary several times.\n"
    print machine "; " versions ".\n"
    print "| document | bytes | ours µs | ours MB/s | graphql-js µs | graphql-js MB/s | times faster | our peak memory, MB |"
    print "|---|--:|--:|--:|--:|--:|--:|--:|"
    for (i = 1; i <= documents; i++) {
        n = order[i]
        printf "| %s | %d | %.1f | %s | %.1f | %s | %.0f | %.0f |\n", n, bytes[n], ours[n], megabytes(n, ours[n]), \
            theirs[n], megabytes(n, theirs[n]), theirs[n] / ours[n], memory[n] / 1024
    }
}
