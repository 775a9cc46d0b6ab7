"""parse_powershell.py FILE...: whether PowerShell's grammar takes these scripts; the lines where it does not."""
import sys

import tree_sitter
import tree_sitter_powershell

parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))


def errors(node):
    if node.is_error or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from errors(child)


failed = False
for name in sys.argv[1:]:
    with open(name, "rb") as file:
        text = file.read()
    tree = parser.parse(text)
    for node in errors(tree.root_node):
        failed = True
        print(f"{name}:{node.start_point[0] + 1}: {text.splitlines()[node.start_point[0]].decode()}")
    print(f"{name}: {tree.root_node.child_count} statements")
sys.exit(failed)
