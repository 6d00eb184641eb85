@echo off
rem The command line of the packaged Perch, on the Node that the package brings.
setlocal
rem They change which code a plain Node runs.
set NODE_OPTIONS=
set NODE_PATH=
"%~dp0..\node\node.exe" "%~dp0..\app.asar.unpacked\dist\cli\perch.mjs" %*
