"""Runs the tests of this folder, or those whose names hold one of the words: run.py [WORD…]. Ends with a line that counts."""
import os
import sys
import unittest

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)

import support  # noqa: E402


def main():
    if any(word.startswith("-") for word in sys.argv[1:]):
        sys.exit(__doc__)
    patterns = [f"*{word}*" for word in sys.argv[1:]] or None
    loader = unittest.TestLoader()
    loader.testNamePatterns = patterns
    suite = loader.discover(here, pattern="test_*.py", top_level_dir=here)
    try:
        result = unittest.TextTestRunner(verbosity=2).run(suite)
    finally:
        support.stop()
    failed = len(result.failures) + len(result.errors)
    print(f"playground: {result.testsRun - failed} passed, {failed} failed")
    sys.exit(0 if failed == 0 and result.testsRun > 0 else 1)


main()
