@echo off
rem Converge @name@: this script, followed by a jar. It needs Java 17 or newer, nothing else.
setlocal EnableExtensions DisableDelayedExpansion
set "java17="
for %%j in (java.exe) do for %%c in ("%JAVA_HOME%\bin\java.exe" "%%~$PATH:j") do if not defined java17 if exist "%%~c" (
  set "java17=%%~c"
  for /f tokens^=2^ delims^=^=.-+^" %%v in ('findstr /b "JAVA_VERSION=" "%%~dpc..\release" 2^>nul') do if %%v LSS 17 set "java17="
)
if not defined java17 (
  echo @name@: no Java 17 or newer found; install one or set JAVA_HOME 1>&2
  exit /b 1
)
"%java17%" @jvm@ -jar "%~f0" %*
exit /b %ERRORLEVEL%
