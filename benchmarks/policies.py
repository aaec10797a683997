"""``deadline`` and every peer against whoever knows the future: ``promised.py`` has it all.

``python benchmarks/policies.py --traces FOLDER`` prints tables, ``--json`` one object.
"""

import sys
from pathlib import Path

if Path(sys.path[0]) == Path(__file__).parent:  # it hides the package of this file's name
    sys.path.append(sys.path.pop(0))

from promised import main

if __name__ == "__main__":
    main()
