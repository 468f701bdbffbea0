//go:build !headless

package tray

import (
	"bytes"
	"context"
	"encoding/binary"

	"fyne.io/systray"
)

// watch: there is a tray whenever somebody is signed in, and systray adds the icon anew when the Explorer has started anew.
func watch(ctx context.Context, changed func(bool)) {
	changed(true)
	<-ctx.Done()
}

func show(i Icon, ready func()) {
	start, _ := systray.RunWithExternalLoop(func() {
		systray.SetIcon(iconFile(i.Picture))
		systray.SetTooltip(i.Name)
		systray.SetOnTapped(i.Open)
		ready()
	}, nil)
	start()
}

// iconFile puts a square PNG of less than 256 pixels into a file of Windows' format for icons.
func iconFile(picture []byte) []byte {
	const header, entry = 6, 16
	size := picture[19] // the last byte of the width
	var file bytes.Buffer
	_ = binary.Write(&file, binary.LittleEndian, []uint16{0, 1, 1}) // an icon, with one picture
	file.Write([]byte{size, size, 0, 0})
	_ = binary.Write(&file, binary.LittleEndian, []uint16{1, 32}) // planes, bits a pixel
	_ = binary.Write(&file, binary.LittleEndian, []uint32{uint32(len(picture)), header + entry})
	file.Write(picture)
	return file.Bytes()
}

func renew(context.Context) {}

// Close takes the icon away at the end of the program. Otherwise Windows would show it until the pointer comes near.
func (System) Close() { systray.Quit() }
