; Adds Perch to "Open with" for images. electron-builder's fileAssociations would make Perch the default application.

!macro perchImageTypes action
  !insertmacro ${action} ".png"
  !insertmacro ${action} ".jpg"
  !insertmacro ${action} ".jpeg"
  !insertmacro ${action} ".tif"
  !insertmacro ${action} ".tiff"
  !insertmacro ${action} ".bmp"
  !insertmacro ${action} ".webp"
!macroend

!macro perchOffer extension
  WriteRegStr SHELL_CONTEXT "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}\SupportedTypes" "${extension}" ""
  WriteRegStr SHELL_CONTEXT "Software\Classes\${extension}\OpenWithProgids" "Perch.Image" ""
!macroend

!macro perchWithdraw extension
  DeleteRegValue SHELL_CONTEXT "Software\Classes\${extension}\OpenWithProgids" "Perch.Image"
!macroend

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\Perch.Image" "" "Image"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Perch.Image\DefaultIcon" "" "$INSTDIR\${APP_EXECUTABLE_FILENAME},0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Perch.Image\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  WriteRegStr SHELL_CONTEXT "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  !insertmacro perchImageTypes perchOffer
!macroend

!macro customUnInstall
  !insertmacro perchImageTypes perchWithdraw
  DeleteRegKey SHELL_CONTEXT "Software\Classes\Perch.Image"
  DeleteRegKey SHELL_CONTEXT "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}"
!macroend
