@echo off
rem The command line of the packaged Perch, on the packaged Node.
setlocal
rem These variables change which code Node runs.
set NODE_OPTIONS=
set NODE_PATH=
"%~dp0..\node\node.exe" "%~dp0..\app.asar.unpacked\dist\cli\perch.mjs" %*
