@echo off
rem The command line of the packaged Perch, on the Node that the package brings.
"%~dp0..\node\node.exe" "%~dp0..\app.asar.unpacked\dist\cli\perch.mjs" %*
