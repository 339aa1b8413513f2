; Inno Setup 6 makes the installer from PyInstaller's folder: ISCC /DVersion=0.1.0 /DFolder=...\programs\soliloquy soliloquy.iss
; Never run: written from Inno Setup's documentation.
#ifndef Version
  #error "Say /DVersion=..."
#endif
#ifndef Folder
  #define Folder "..\..\build\package\programs\soliloquy"
#endif

[Setup]
AppId={{6C1E4B0E-7C0B-4F1D-9A57-2E5E8B6A5D13}
AppName=Soliloquy
AppVersion={#Version}
AppPublisher=The Soliloquy authors
; For the person who installs it alone: no administrator is asked.
PrivilegesRequired=lowest
DefaultDirName={autopf}\Soliloquy
DisableProgramGroupPage=yes
DisableDirPage=auto
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
Compression=lzma2/ultra64
SolidCompression=yes
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\build\package\soliloquy.ico
UninstallDisplayIcon={app}\soliloquy.exe
OutputDir=..\..\dist
OutputBaseFilename=soliloquy-{#Version}-windows-x86_64
ChangesAssociations=yes
CloseApplications=yes

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "openwith"; Description: "Offer Soliloquy for .gguf files"

[InstallDelete]
; A file that an earlier version had must not be found by this one.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Folder}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\Soliloquy"; Filename: "{app}\soliloquy.exe"; AppUserModelID: "Soliloquy"
Name: "{autodesktop}\Soliloquy"; Filename: "{app}\soliloquy.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.gguf\OpenWithProgids"; ValueType: string; ValueName: "Soliloquy.gguf"; ValueData: ""; Flags: uninsdeletevalue; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Soliloquy.gguf"; ValueType: string; ValueName: ""; ValueData: "GGUF model"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Soliloquy.gguf\DefaultIcon"; ValueType: string; ValueName: ""; ValueData: "{app}\soliloquy.exe,0"; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Soliloquy.gguf\shell\open\command"; ValueType: string; ValueName: ""; ValueData: """{app}\soliloquy.exe"" ""%1"""; Tasks: openwith

[Run]
Filename: "{app}\soliloquy.exe"; Description: "{cm:LaunchProgram,Soliloquy}"; Flags: nowait postinstall skipifsilent
