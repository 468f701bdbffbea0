//go:build !headless

package desktop

import (
	"context"
	"encoding/base64"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	"golang.org/x/sys/windows"
)

// toast is a script for PowerShell that shows a notification. It reads the app's id, the title and the text from its input, a line each, in
// base64 of UTF-8: so none of them is ever a part of the script, of a command line or of a file.
//
// Source: Toast content schema in Microsoft's reference of Windows apps; about_PowerShell_exe and about_Automatic_Variables ($input).
const toast = `$id, $title, $text = @($input) | ForEach-Object { [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($_)) }
$null = [Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
$null = [Windows.Data.Xml.Dom.XmlDocument, Windows.Data.Xml.Dom.XmlDocument, ContentType = WindowsRuntime]
$content = [xml]'<toast><visual><binding template=''ToastGeneric''><text/><text/></binding></visual></toast>'
$places = $content.GetElementsByTagName('text')
$places[0].InnerText = $title
$places[1].InnerText = $text
$toast = New-Object Windows.Data.Xml.Dom.XmlDocument
$toast.LoadXml($content.OuterXml)
$shown = New-Object Windows.UI.Notifications.ToastNotification $toast
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($id).Show($shown)`

// toastWait is how long PowerShell may take.
const toastWait = time.Minute

// send has PowerShell show it. Fyne 2.8.1 would write the texts into a file in the folder for temporary files, and find it only if its path
// has no blank (runScript in its app_windows.go).
func send(ctx context.Context, app fyne.App, title, text string) error {
	folder, err := windows.GetSystemDirectory()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, toastWait)
	defer cancel()
	shell := exec.CommandContext(ctx, filepath.Join(folder, `WindowsPowerShell\v1.0\powershell.exe`), "-NoProfile", "-NonInteractive", "-Command", toast)
	shell.Stdin = strings.NewReader(inLines(app.UniqueID(), title, text))
	shell.SysProcAttr = &syscall.SysProcAttr{HideWindow: true}
	return shell.Run()
}

// inLines returns texts as the script reads them.
func inLines(texts ...string) string {
	var lines strings.Builder
	for _, one := range texts {
		lines.WriteString(base64.StdEncoding.EncodeToString([]byte(one)) + "\n")
	}
	return lines.String()
}
