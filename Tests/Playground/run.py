"""Runs the tests of this folder: run.py [options of unittest]. Ends with a line that counts."""
import os
import sys
import unittest

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)

import support  # noqa: E402


def main():
    names = [name for name in sys.argv[1:] if not name.startswith("-")]
    patterns = [f"*{name}*" for name in names] or None
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
