<#
.SYNOPSIS
The demo in containers: checks what can go wrong, builds what is missing, starts, and prints JupyterLab's address.

.DESCRIPTION
docker\run-demo.ps1                          a provider with retail tables, a recipient with JupyterLab, a Spark cluster
docker\run-demo.ps1 -Profile config.share    the recipient alone, with the credential file that your provider sent
docker\run-demo.ps1 -Stop                    removes containers, networks and volumes; your notebooks in them too. Images stay

Ports on 127.0.0.1 are DEMO_PORT (8888), PROVIDER_PORT (8080) and MASTER_PORT (8081) of the environment.
The S3 store and a directory of wheels: see docker\run-demo.sh, which runs in WSL.
#>
[CmdletBinding()]
param(
    [Alias('Profile')]
    [string]$CredentialFile = '',
    [switch]$NoBuild,
    [switch]$Stop
)

$ErrorActionPreference = 'Stop'
$root = Split-Path -Parent $PSScriptRoot
$project = 'delta-sharing-demo'
$alone = "$project-recipient"
$image = 'delta-sharing-recipient:demo'

function Say([string]$Text) { Write-Host "run-demo: $Text" }

function Fail([string]$Text, [string[]]$Help = @()) {
    Write-Host "run-demo: $Text" -ForegroundColor Red
    foreach ($line in $Help) { Write-Host "          $line" }
    exit 1
}

function Set-DefaultPort([string]$Name, [string]$Port) {
    if (-not [Environment]::GetEnvironmentVariable($Name)) { [Environment]::SetEnvironmentVariable($Name, $Port) }
}

# Runs docker and gives what it wrote; $LASTEXITCODE tells how it ended. What it writes to stderr must not stop this script.
function Invoke-Docker {
    $before = $ErrorActionPreference
    $ErrorActionPreference = 'Continue'
    try { & docker @args 2>&1 | ForEach-Object { "$_" } } finally { $ErrorActionPreference = $before }
}

function Invoke-Compose { Invoke-Docker compose -p $project -f docker/compose.yaml @args }

function Test-Engine {
    if (-not (Get-Command docker -ErrorAction SilentlyContinue)) { Fail "there is no 'docker' here." @('Install Docker Desktop.') }
    $answer = (Invoke-Docker version --format '{{.Server.Version}}') -join ' '
    if ($LASTEXITCODE -ne 0) {
        if ($answer -match 'permission denied|Access is denied') {
            Fail "you may not use Docker's pipe." @("Add yourself to the group 'docker-users', then sign in again.")
        }
        Fail 'the container engine does not answer: is it running?' @('Start Docker Desktop and wait until it says that it runs.', "It said: $answer")
    }
    Invoke-Docker compose version | Out-Null
    if ($LASTEXITCODE -ne 0) { Fail "there is no 'docker compose' (version 2) here." @('Update Docker Desktop.') }
}

function Test-Port([string]$Name, [string]$Purpose) {
    $port = [int][Environment]::GetEnvironmentVariable($Name)
    $client = New-Object System.Net.Sockets.TcpClient
    try {
        $client.Connect('127.0.0.1', $port)
        $taken = $true
    } catch {
        $taken = $false
    } finally {
        $client.Dispose()
    }
    if ($taken) { Fail "port $port of 127.0.0.1, for $Purpose, is taken by another program." @("Take another one: `$env:$Name = $($port + 10)") }
}

function Test-Memory {
    $megabytes = [long]((Invoke-Docker info --format '{{.MemTotal}}') -join '') / 1048576
    if ($megabytes -gt 0 -and $megabytes -lt 3500) {
        Fail "the engine has $([int]$megabytes) MB of memory; the demo wants 3500." @('Give it more: Docker Desktop, Settings, Resources; with WSL 2, memory= in .wslconfig.')
    }
}

function Test-Jars { (Test-Path target/delta-sharing-server-*.jar) -and (Test-Path target/delta-sharing-spark-connector-*.jar) -and (Test-Path target/quickstart/tables) }

function Build-Jars {
    if (Test-Jars) { return }
    $how = 'They are built by a JDK 17 and Maven: mvn -q -Pquickstart package'
    if ($NoBuild -or -not (Get-Command mvn -ErrorAction SilentlyContinue)) { Fail 'there are no jars in target, or no tables in target\quickstart.' @($how) }
    Say 'building the jars and writing the tables: 2 minutes'
    & mvn -q -B -Pquickstart package | Out-Null
    if ($LASTEXITCODE -ne 0 -or -not (Test-Jars)) { Fail 'the jars could not be built.' @($how) }
}

function Build-Images([string[]]$Services) {
    if ($NoBuild) {
        Invoke-Docker image inspect $image | Out-Null
        if ($LASTEXITCODE -ne 0) { Fail "there is no image $image." @('Leave out -NoBuild once.') }
        return
    }
    Say "building the images ($Services): some minutes the first time"
    $log = Invoke-Compose build @Services
    if ($LASTEXITCODE -ne 0) {
        $log | Select-Object -Last 15 | Write-Host
        Fail 'an image could not be built: above is why.' @('No space left: docker system prune')
    }
}

function Wait-Healthy([string]$Container, [string]$Name) {
    foreach ($second in 1..180) {
        $state = (Invoke-Docker inspect -f '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}' $Container) -join ''
        if ($state -eq 'running healthy') { return }
        if ($state -notmatch '^(running|created|restarting)') { break }
        Start-Sleep -Seconds 1
    }
    Invoke-Docker logs --tail 15 $Container | Write-Host
    Fail "$Name did not start: above is what it said." @('Remove what is left: docker\run-demo.ps1 -Stop')
}

function Test-Profile([string]$Path) {
    if (-not (Test-Path $Path)) { Fail "there is no credential file $Path." @("It is the config.share that your provider's link gives. Without -Profile the demo has a provider of its own.") }
    if (-not (Test-Path $Path -PathType Leaf)) { Fail "$Path is no file." @("Put your provider's config.share there.") }
}

function Start-All {
    Test-Port DEMO_PORT 'JupyterLab'
    Test-Port PROVIDER_PORT 'the sharing server'
    Test-Port MASTER_PORT "the page of Spark's master"
    Build-Jars
    Build-Images @('provider', 'spark-master')
    Say 'starting'
    $services = @('provider', 'spark-master', 'spark-worker', 'recipient')
    $log = Invoke-Compose up -d --no-build @services
    foreach ($service in $services) {
        $container = (Invoke-Compose ps -q $service) -join ''
        if (-not $container) {
            $log | Write-Host
            Fail "$service was not made: above is why." @('Remove what is left: docker\run-demo.ps1 -Stop')
        }
        Wait-Healthy $container $service
    }
    Say "ready: $(Invoke-Docker exec $container recipient-url)"
    Say "a job on the cluster: docker exec $container spark-submit --master spark://spark-master:7077 /opt/recipient/examples/read_shared_table.py /run/secrets/config.share#retail.sales.customers"
    Say 'stop: docker\run-demo.ps1 -Stop'
}

function Start-Alone([string]$Path) {
    Test-Profile $Path
    Test-Port DEMO_PORT 'JupyterLab'
    if (-not (Test-Path target/delta-sharing-spark-connector-*.jar)) { Build-Jars }
    Build-Images @('spark-master')
    Say 'starting'
    Invoke-Docker rm $alone | Out-Null
    $port = $env:DEMO_PORT
    $log = Invoke-Docker run -d --name $alone --read-only --cap-drop ALL --security-opt no-new-privileges --pids-limit 1024 --memory 3g `
        --tmpfs '/tmp:exec,mode=1777,size=1g' --tmpfs '/home/recipient:exec,mode=1777,size=512m' `
        -v "${Path}:/run/secrets/config.share:ro" -p "127.0.0.1:${port}:8888" -e "PUBLISHED_PORT=$port" $image
    if ($LASTEXITCODE -ne 0) { Fail 'the recipient was not made.' @("$log") }
    Wait-Healthy $alone 'the recipient'
    Say "ready: $(Invoke-Docker exec $alone recipient-url)"
    Say 'stop: docker\run-demo.ps1 -Stop'
}

function Stop-All {
    Invoke-Docker rm -f $alone | Out-Null
    $log = Invoke-Compose --profile s3 down -v --remove-orphans
    if ($LASTEXITCODE -ne 0) { Fail 'not all could be removed.' @("$log") }
    Say 'stopped: containers, networks and volumes are removed, images stay (docker rmi delta-sharing-provider:demo delta-sharing-recipient:demo)'
}

if ($CredentialFile -and (Test-Path $CredentialFile)) { $CredentialFile = (Resolve-Path $CredentialFile).Path }
Set-DefaultPort DEMO_PORT 8888
Set-DefaultPort PROVIDER_PORT 8080
Set-DefaultPort MASTER_PORT 8081
Push-Location $root
try {
    Test-Engine
    if ($Stop) {
        Stop-All
    } else {
        $running = @(Invoke-Docker ps -q --filter "label=com.docker.compose.project=$project") + @(Invoke-Docker ps -q --filter "name=^$alone`$")
        if ($running) { Fail 'the demo is running already.' @('Stop it first: docker\run-demo.ps1 -Stop') }
        Test-Memory
        if ($CredentialFile) { Start-Alone $CredentialFile } else { Start-All }
    }
} finally {
    Pop-Location
}
