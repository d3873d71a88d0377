#!/usr/bin/env bash
# Holds the instructions of the in-process cases against Benchmarks/instructions.txt: one that takes 5 % more fails.
# Counts hardly depend on the machine's load; they do on the compiler and the C library, so renew the file with those.
# Needs valgrind. usage: Benchmarks/instructions.sh [record]
set -euo pipefail
cd "$(dirname "$0")/.."
file=Benchmarks/instructions.txt
scripts/setup valgrind
scripts/build release engine-bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Valgrind 3.19 stumbles over the debug information of Swift.
cp "$(swift build -c release --show-bin-path)/engine-bench" "$work/bench"
strip --strip-debug "$work/bench"
# The same seed for every hash, or tables come out differently each time.
export SWIFT_DETERMINISTIC_HASHING=1
count() { # case repetitions
  valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null "$work/bench" --repeat "$2" "$1" 2>&1 \
    | awk '/I +refs:/ { gsub(",", "", $NF); print $NF }'
}
failed=0
while IFS=$'\t' read -r name few allowed; do
  [[ $name != \#* ]] || continue
  # Starting the program, and what happens once, is in both counts and falls out of their difference.
  taken=$((($(count "$name" $((few * 3))) - $(count "$name" "$few")) / (few * 2)))
  printf '%-24s %12d instructions, %12s recorded\n' "$name" "$taken" "$allowed"
  printf '%s\t%s\t%s\n' "$name" "$few" "$taken" >> "$work/taken"
  (( allowed == 0 || taken * 100 <= allowed * 105 )) || { echo "  more than 5 % above"; failed=1; }
done < "$file"
if [ "${1-}" = record ]; then
  { grep '^#' "$file"; cat "$work/taken"; } > "$work/file"
  cp "$work/file" "$file"
  exit 0
fi
exit "$failed"
