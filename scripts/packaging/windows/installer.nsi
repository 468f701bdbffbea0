; The installer, for one user and without administrator rights. /S installs and uninstalls without a question.
Target amd64-unicode
Unicode true
SetCompressor /SOLID lzma
!include MUI2.nsh

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\@ID@"

Name "@NAME@"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\@NAME@"
InstallDirRegKey HKCU "${KEY}" InstallLocation
ManifestDPIAware true
BrandingText "@NAME@ @VERSION@"
VIProductVersion "@NUMBERS@.0"
VIAddVersionKey /LANG=0 ProductName "@NAME@"
VIAddVersionKey /LANG=0 ProductVersion "@VERSION@"
VIAddVersionKey /LANG=0 FileDescription "@NAME@"
VIAddVersionKey /LANG=0 FileVersion "@VERSION@"
VIAddVersionKey /LANG=0 CompanyName "@OWNER@"
VIAddVersionKey /LANG=0 LegalCopyright "@COPYRIGHT@"

!define MUI_ICON icon.ico
!define MUI_UNICON icon.ico
!define MUI_FINISHPAGE_RUN "$INSTDIR\@PROGRAM@"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!define MUI_UNCONFIRMPAGE_TEXT_TOP "$(KEEPS)"
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES

!insertmacro MUI_LANGUAGE English
!insertmacro MUI_LANGUAGE German
!insertmacro MUI_LANGUAGE French
!insertmacro MUI_LANGUAGE Spanish

LangString OPEN ${LANG_ENGLISH} "The app is open, perhaps only in the notification area. Please quit it, then press Retry."
LangString OPEN ${LANG_GERMAN} "Die App ist geöffnet, vielleicht nur im Infobereich. Bitte beenden Sie sie und wählen Sie dann Wiederholen."
LangString OPEN ${LANG_FRENCH} "L’application est ouverte, peut-être seulement dans la zone de notification. Veuillez la quitter, puis choisir Réessayer."
LangString OPEN ${LANG_SPANISH} "La aplicación está abierta, quizá solo en el área de notificación. Salga de ella y pulse Reintentar."

LangString KEEPS ${LANG_ENGLISH} "This removes the program. Your connections and their keys stay in the Windows Credential Manager. To delete them too, cancel, open the app and choose Connection, Remove everything."
LangString KEEPS ${LANG_GERMAN} "Dies entfernt das Programm. Ihre Verbindungen und deren Schlüssel bleiben in der Windows-Anmeldeinformationsverwaltung. Um auch sie zu löschen, brechen Sie ab, öffnen die App und wählen dort im ersten Menü den Eintrag, der alles entfernt."
LangString KEEPS ${LANG_FRENCH} "Ceci supprime le programme. Vos connexions et leurs clés restent dans le Gestionnaire d’identification de Windows. Pour les supprimer aussi, annulez, ouvrez l’application et choisissez dans le premier menu l’entrée qui supprime tout."
LangString KEEPS ${LANG_SPANISH} "Esto quita el programa. Sus conexiones y sus claves permanecen en el Administrador de credenciales de Windows. Para eliminarlas también, cancele, abra la aplicación y elija en el primer menú la entrada que elimina todo."

; Closed waits until the program's file can be replaced, which Windows refuses while it runs. A program that was just closed needs
; some seconds. After 10 s it asks, or silently gives up.
!macro Closed
  StrCpy $0 20
  retry:
  ClearErrors
  Delete "$INSTDIR\@PROGRAM@"
  IfErrors 0 closed
  IntOp $0 $0 - 1
  Sleep 500
  IntCmp $0 0 0 0 retry
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(OPEN)" /SD IDCANCEL IDRETRY retry
  SetErrorLevel 2
  Quit
  closed:
!macroend

Section
  !insertmacro Closed
  SetOutPath "$INSTDIR"
  File files\@PROGRAM@
  File files\README.txt
  File files\LICENSE.txt
  File files\CHANGELOG.txt
  File files\@LICENCES@
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\@NAME@.lnk" "$INSTDIR\@PROGRAM@"
  WriteRegStr HKCU "${KEY}" DisplayName "@NAME@"
  WriteRegStr HKCU "${KEY}" DisplayVersion "@VERSION@"
  WriteRegStr HKCU "${KEY}" DisplayIcon "$INSTDIR\@PROGRAM@"
  WriteRegStr HKCU "${KEY}" Publisher "@OWNER@"
  WriteRegStr HKCU "${KEY}" InstallLocation "$INSTDIR"
  WriteRegStr HKCU "${KEY}" UninstallString '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" EstimatedSize ${KILOBYTES}
  WriteRegDWORD HKCU "${KEY}" NoModify 1
  WriteRegDWORD HKCU "${KEY}" NoRepair 1
SectionEnd

; Besides the program it removes what the app keeps for itself in files, such as its locks, and its start at login. The Credential Manager is left
; alone: whoever uninstalls to install anew would lose every key.
Section Uninstall
  !insertmacro Closed
  Delete "$INSTDIR\README.txt"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\CHANGELOG.txt"
  Delete "$INSTDIR\@LICENCES@"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\@NAME@.lnk"
  RMDir /r "$LOCALAPPDATA\@ID@"
  RMDir /r "$APPDATA\fyne\@ID@"
  RMDir "$APPDATA\fyne"
  RMDir /r "$LOCALAPPDATA\fyne\@ID@"
  RMDir "$LOCALAPPDATA\fyne"
  DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "@ID@"
  DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run" "@ID@"
  DeleteRegKey HKCU "${KEY}"
SectionEnd
