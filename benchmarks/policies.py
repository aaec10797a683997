"""``deadline`` and every peer against whoever knows the future: ``promised.py`` has it all.

``python benchmarks/policies.py --traces FOLDER`` prints tables, ``--json`` one object.
"""

import sys
from importlib import import_module

sys.path.append(sys.path.pop(0))  # this folder comes last: it hides the package of this file's name

if __name__ == "__main__":
    from promised import main

    main()
else:  # another benchmark asks for that package, and finds this file first
    del sys.modules[__name__]
    import_module(__name__)
