# JupyterLab's settings. The token is read from a file, so that neither "docker inspect" nor the log has it.
from pathlib import Path

c.ServerApp.ip = "0.0.0.0"
c.ServerApp.port = 8888
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.root_dir = str(Path.cwd())
c.ServerApp.quit_button = False
c.IdentityProvider.token = Path("/tmp/jupyter-token").read_text().strip()
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
notebooks = sorted(Path.cwd().glob("*.ipynb"))
if notebooks:
    c.LabApp.default_url = "/lab/tree/" + notebooks[0].name
